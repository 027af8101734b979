import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Kafka } from "kafkajs";
import type { Client } from "pg";
import type { StackOutputs } from "../../../commands/stack/stack-outputs";
import { poll } from "../../../components/poll";
import type { ChangeJson } from "../../../consumer/api";
import type { Feed } from "../../support/stack/feed";
import type { TestStack } from "../../support/stack";
import { looked } from "../../support/stack/looked";
import { recordsOf } from "../../support/stack/topic";
import { TOLD_MS, toldBy } from "./told";

const UP_MS = 300_000;

/** What happens to captured tables without an `up`: who tells it, and what the next `up` makes of it. */
export function remade(stack: TestStack, client: () => Client, feed: () => Feed, outputs: () => StackOutputs): void {
  const told = (sentence: RegExp | undefined): Promise<void> => toldBy(outputs(), sentence);

  /** What `npm run status` and `npm run doctor` say of it, with the command that mends it. */
  const saidWrong = async (): Promise<string[]> => {
    const commands = (["status", "doctor"] as const).map(async (command) => {
      const { findings } = await looked(stack, command);
      return findings
        .filter(({ mark }) => mark === "bad")
        .map(({ text, remedy }) => `${command}: ${text.split(":")[0]} → ${remedy ?? "none"}`);
    });
    return (await Promise.all(commands)).flat();
  };

  /** Once nothing is wrong: the slot's reader may be between two sessions at the moment of a look. */
  const well = (): Promise<void> =>
    poll<void>(
      async () => {
        const wrong = await saidWrong();
        return wrong.length === 0 ? { done: true, value: undefined } : { done: false, seen: wrong.join("; ") };
      },
      { what: "status and doctor to find nothing wrong", deadlineMs: TOLD_MS, intervalMs: 200 },
    );

  const rows = (changes: ChangeJson[]): string[] =>
    changes.map(({ op, key, before, after }) => JSON.stringify([op, key, before, after])).sort();
  /** @param count changes since the consumer started last */
  const arrived = async (table: string, count: number): Promise<string[]> =>
    rows(await feed().arrived(count, 0, table));

  beforeAll(async () => {
    await client().query(`
      create schema shop;
      create table shop.orders (id int primary key, total int);
      create table shop.items (id int primary key, name text);
      insert into shop.orders values (1, 10);
      insert into shop.items values (1, 'pen');
      create schema mall;
      create table mall.orders (id int primary key, total int);
      insert into mall.orders values (1, 20);`);
    await stack.pulumi("config", "set", "tables", "public.customers,shop.*,mall.*");
    await stack.up();
    await told(undefined);
  }, UP_MS);

  afterAll(async () => {
    await stack.pulumi("config", "set", "tables", "public.customers");
  });

  test(
    "dropped with its schema and made again, with other columns and another key: told within 15 s, and read by the next up",
    async () => {
      await client().query(`
        drop schema shop cascade;
        create schema shop;
        create table shop.orders (code text primary key, price numeric);
        create table shop.items (id int primary key, name text);
        insert into shop.orders values ('a', 1.50), ('b', 2.25);
        insert into shop.items values (2, 'ink');`);
      await told(
        /^shop\.items was dropped and made again: .*; shop\.orders was dropped and made again: .*`npm start` reads/,
      );
      expect(await saidWrong()).toEqual([
        "status: shop.items was dropped and made again → npm start",
        "status: shop.orders was dropped and made again → npm start",
        "doctor: shop.items was dropped and made again → npm start",
        "doctor: shop.orders was dropped and made again → npm start",
      ]);
      expect(await stack.pulumi("preview")).toContain(
        "shop.items was dropped and made again: its rows are read again; shop.orders was dropped and made again: its rows are read again.",
      );
      expect(await stack.up()).toContain("Existing rows read: shop.items (1), shop.orders (2).");
      await client().query("update shop.orders set price = 3 where code = 'a'");
      expect(await arrived("shop.orders", 5)).toEqual(
        [
          // Of the table that was dropped, and the end of its rows.
          '["snapshot",{"id":1},null,{"id":1,"total":10}]',
          '["truncate",null,null,null]',
          '["snapshot",{"code":"a"},null,{"code":"a","price":"1.50"}]',
          '["snapshot",{"code":"b"},null,{"code":"b","price":"2.25"}]',
          '["update",{"code":"a"},{"code":"a","price":"1.50"},{"code":"a","price":"3"}]',
        ].sort(),
      );
      await told(undefined);
      await well();
    },
    UP_MS,
  );

  test(
    "with another key: told within 15 s, and its rows are read again with it",
    async () => {
      await client().query("alter table shop.items drop constraint items_pkey, add primary key (name)");
      await told(/^the key of shop\.items was \(id\) and is \(name\): /);
      expect(await saidWrong()).toContain("status: the key of shop.items was (id) and is (name) → npm start");
      expect(await stack.up()).toContain("Existing rows read: shop.items (1).");
      const records = await recordsOf(outputs().bootstrapServers, "cdctest.shop.items");
      expect(JSON.parse(records.at(-1)!.key!)).toEqual({ name: "ink" });
      await client().query("delete from shop.items");
      await client().query("insert into shop.items values (3, 'gum')");
      const changes = await feed().arrived(({ op }) => op === "create", 0, "shop.items");
      // Once for the table that was made again, once for the one of another key.
      expect(changes.filter(({ op }) => op !== "snapshot").map(({ op, key }) => [op, key])).toEqual([
        ["truncate", null],
        ["truncate", null],
        ["delete", { name: "ink" }],
        ["create", { name: "gum" }],
      ]);
    },
    UP_MS,
  );

  test(
    "renamed, its schema too: told within 15 s with both names, and what it is called now is captured by the next up",
    async () => {
      await client().query("alter table shop.items rename to goods");
      await told(/^shop\.items was renamed to shop\.goods: its changes are no longer read: /);
      expect(await saidWrong()).toContain("status: shop.items was renamed to shop.goods → none");
      await client().query("insert into shop.goods values (4, 'written meanwhile')");
      expect(await stack.up()).toContain("Existing rows read: shop.goods (2).");
      expect((await arrived("shop.goods", 2)).join()).toContain("written meanwhile");
      await told(undefined);
      await client().query("alter table shop.goods rename to wares");
      await client().query("insert into shop.wares values (6, 'under another name')");
      await client().query("alter table shop.wares rename to goods");
      await client().query("alter schema shop rename to away");
      await client().query("insert into away.orders values ('c', 4)");
      await client().query("alter schema away rename to shop");
      await told(/^shop\.goods had another name for a while, .*; shop\.orders had another name for a while, /);
      expect(await stack.up()).toContain("Existing rows read: shop.goods (3), shop.orders (3).");
      await told(undefined);
      // Two captured schemas swap names, and back: what is written meanwhile comes to the topic of the other's table.
      const swap =
        "alter schema shop rename to between; alter schema mall rename to shop; alter schema between rename to mall";
      await client().query(swap);
      await client().query("insert into shop.orders values (2, 5)");
      await client().query(swap);
      await told(/^mall\.orders had another name for a while, .*; shop\.orders had another name for a while, /);
      expect(await stack.up()).toContain("Existing rows read: mall.orders (2), shop.orders (3).");
      await told(undefined);
    },
    UP_MS,
  );

  test(
    "out of the publication for a while, without an up in between: told within 15 s, and read again",
    async () => {
      await client().query("alter publication debezium drop table shop.goods");
      await client().query("insert into shop.goods values (5, 'unpublished')");
      await client().query("alter publication debezium add table shop.goods");
      await told(/^shop\.goods was out of the publication for a while/);
      expect(await stack.up()).toContain("Existing rows read: shop.goods (4).");
      expect((await arrived("shop.goods", 11)).join()).toContain("unpublished");
    },
    UP_MS,
  );

  test(
    "stays what it is when the capture's own schema is dropped, which the next up makes again",
    async () => {
      await client().query("drop schema debezium cascade");
      expect(await saidWrong()).toEqual([
        expect.stringMatching(
          /^status: the capture's table `captured` is missing or of another version, .* → npm start$/,
        ),
        "doctor: table debezium.captured is missing or of another version → npm start",
        "doctor: publication debezium lacks debezium.signals → npm start",
      ]);
      expect(await stack.up()).not.toContain("rows read");
      await well();
    },
    UP_MS,
  );

  test(
    "with generated columns has the same columns in every change, read at first, added, or written to",
    async () => {
      await client()
        .query(`create table shop.boxes (id int primary key, w int, area int generated always as (w * w) stored, note text);
        insert into shop.boxes (id, w) values (1, 2)`);
      await stack.up();
      const first = '["snapshot",{"id":1},null,{"id":1,"w":2,"note":null}]';
      expect(await arrived("shop.boxes", 1)).toEqual([first]);
      await client().query("insert into shop.boxes (id, w) values (2, 3)");
      await client().query("update shop.boxes set w = 4 where id = 2");
      await client().query("delete from shop.boxes where id = 2");
      expect(await arrived("shop.boxes", 4)).toEqual(
        [
          first,
          '["create",{"id":2},null,{"id":2,"w":3,"note":null}]',
          '["update",{"id":2},{"id":2,"w":3,"note":null},{"id":2,"w":4,"note":null}]',
          '["delete",{"id":2},{"id":2,"w":4,"note":null},null]',
        ].sort(),
      );
      // A connector of another name begins with a snapshot of all. The topic has the records of the first one.
      await stack.pulumi("config", "set", "connectorName", "boxes");
      await stack.up();
      expect(await arrived("shop.boxes", 2)).toEqual([first, '["truncate",null,null,null]']);
    },
    UP_MS,
  );

  test(
    "a topic for messages that a stack of 0.1.0 has already is taken over with its records",
    async () => {
      const topic = "cdctest.message";
      const before = (await recordsOf(outputs().bootstrapServers, topic)).length;
      await client().query("select pg_logical_emit_message(true, 'app', 'kept')");
      await feed().arrived(({ op }) => op === "message");
      // As if it had not been declared: Debezium made it then, with the broker's own settings.
      const urn = stack.state().resources.find((each) => each.urn.endsWith(`:${topic}`))!.urn;
      await stack.pulumi("state", "delete", urn, "--yes", "--force");
      const admin = new Kafka({ clientId: "cdc-test", brokers: [outputs().bootstrapServers] }).admin();
      await admin.connect();
      const set = { type: 2, name: topic, configEntries: [{ name: "retention.ms", value: "999999999" }] };
      await admin.alterConfigs({ validateOnly: false, resources: [set] });
      await admin.disconnect();
      expect(await stack.pulumi("preview")).toMatch(/= .*kafka:index:Topic.*import/);
      await stack.up();
      expect((await recordsOf(outputs().bootstrapServers, topic)).length).toBeGreaterThan(before);
      expect(await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")).toContain("unchanged");
    },
    UP_MS,
  );
}
