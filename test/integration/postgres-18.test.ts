import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import axios from "axios";
import type { Client } from "pg";
import type { StackOutputs } from "../../commands/stack/stack-outputs";
import { poll } from "../../components/poll";
import type { StatusJson } from "../../consumer/api";
import { bills } from "../support/stack/bills";
import { clientsOf } from "../support/stack/clients";
import type { Feed } from "../support/stack/feed";
import { docker, TestStack } from "../support/stack";
import { everyType } from "./consumer/every-type";
import { Rig } from "./consumer/rig";
import { untold } from "./consumer/untold";
import { upgrade } from "./postgres-18/upgrade";

/** Checks what differs in PostgreSQL 18, with a whole pipeline that began on 17. */
const UP_MS = 180_000;
const stack = new TestStack("postgres-18");
let outputs: StackOutputs;
let client: Client;
let feed: Feed;

beforeAll(async () => {
  await stack.create({ postgresVersion: "17", connectorConfig: '{"slot.failover":true}' });
  await stack.up();
}, 900_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

/** The changes of a table since the consumer's last start, oldest first. */
async function changesOf(table: string, count: number): Promise<string[]> {
  const changes = await feed.arrived(count, 0, table);
  return changes.map(({ op, key, before, after }) => JSON.stringify([op, key, before, after]));
}

const tables = (...more: string[]): Promise<string> =>
  stack.pulumi("config", "set", "tables", ["public.customers", ...more].join());

upgrade(stack);

test("it is 18", async () => {
  ({ client, feed, outputs } = await clientsOf(stack));
  const { rows } = await client.query("select current_setting('server_version_num')::int / 10000 as version");
  expect(rows).toEqual([{ version: 18 }]);
  const slots = await client.query("select failover, wal_status from pg_replication_slots");
  expect(slots.rows).toEqual([{ failover: true, wal_status: "reserved" }]);
});

test("its image's bill of materials has that version", async () => {
  const { parts } = await bills(
    stack,
    await docker("inspect", "--format", "{{.Config.Image}}", `${stack.prefix}-postgres`),
  );
  expect(parts("postgres-18")).toContainEqual(expect.stringContaining("pkg:deb/debian/postgresql-18@18"));
}, 30_000);

describe("generated columns", () => {
  test(
    "stored ones: the application writes, the whole row before arrives, and they are in no change",
    async () => {
      await client.query(`create table stored (id int primary key, w int, area int generated always as (w * w) stored);
        insert into stored values (1, 2)`);
      await tables("public.stored");
      await stack.up();
      await client.query("update stored set w = 3");
      await client.query("delete from stored");
      expect(await changesOf("public.stored", 3)).toEqual([
        '["snapshot",{"id":1},null,{"id":1,"w":2}]',
        '["update",{"id":1},{"id":1,"w":2},{"id":1,"w":3}]',
        '["delete",{"id":1},{"id":1,"w":3},null]',
      ]);
    },
    UP_MS,
  );

  test(
    "virtual ones, what 18 makes unless told otherwise: the application writes, with the key alone before",
    async () => {
      await client.query(`create table virtual (id int primary key, w int, area int generated always as (w * w));
        insert into virtual values (1, 2);
        create extension btree_gist;
        create table period (id int, valid daterange, named uuid default uuidv7(), primary key (id, valid without overlaps));
        insert into period values (1, '[2026-01-01,2026-02-01)', null)`);
      await tables("public.stored", "public.virtual", "public.period");
      await stack.up();
      await client.query("update virtual set w = 3");
      await client.query("delete from virtual");
      expect(await changesOf("public.virtual", 3)).toEqual([
        '["snapshot",{"id":1},null,{"id":1,"w":2}]',
        '["update",{"id":1},null,{"id":1,"w":3}]',
        '["delete",{"id":1},{"id":1},null]',
      ]);
    },
    UP_MS,
  );

  test("a key WITHOUT OVERLAPS, and uuidv7()", async () => {
    await client.query("insert into period (id, valid) values (1, '[2026-02-01,2026-03-01)')");
    await client.query("delete from period where named is null");
    const { rows } = await client.query("select named from period");
    const key = (from: string, to: string) => ({ id: 1, valid: `[${from},${to})` });
    const [first, second] = [key("2026-01-01", "2026-02-01"), key("2026-02-01", "2026-03-01")];
    const { named } = rows[0] as { named: string };
    expect(named).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(await changesOf("public.period", 3)).toEqual([
      JSON.stringify(["snapshot", first, null, { ...first, named: null }]),
      JSON.stringify(["create", second, null, { ...second, named }]),
      JSON.stringify(["delete", first, { ...first, named: null }, null]),
    ]);
  });

  test(
    "a virtual one that is added to a captured table blocks its application: told within 15 s, mended by the next up",
    async () => {
      await client.query("insert into stored values (5, 5)");
      await client.query("alter table stored add column twice int generated always as (w * 2)");
      await expect(client.query("update stored set w = 6")).rejects.toThrow('cannot update table "stored"');
      const sentence = "applications can no longer UPDATE or DELETE in public.stored";
      await poll<void>(
        async () => {
          const { database } = (await axios.get<StatusJson>(`${outputs.feedUrl}/status`, { proxy: false })).data;
          const isTold = database.state === "warning" && database.detail.startsWith(sentence);
          return isTold ? { done: true, value: undefined } : { done: false, seen: JSON.stringify(database) };
        },
        { what: sentence, deadlineMs: 15_000, intervalMs: 200 },
      );
      expect(await stack.up()).toContain("public.stored has REPLICA IDENTITY FULL.");
      const { newestId } = await feed.changes();
      await client.query("update stored set w = 6");
      const [change] = await feed.arrived(1, newestId ?? 0, "public.stored");
      expect(change).toMatchObject({ op: "update", key: { id: 5 }, after: { id: 5, w: 6 } });
    },
    UP_MS,
  );
});

test.each([
  [
    "a virtual column and no key",
    "create table refused (w int, area int generated always as (w * w)); insert into refused values (1)",
    "public.refused: no primary key, and with virtual column area Postgres would refuse every UPDATE and DELETE",
  ],
  [
    "NOT NULL that is not validated",
    `create table refused (id int primary key, w int); insert into refused values (1, null);
     alter table refused add constraint present not null w not valid`,
    "public.refused: its NOT NULL is not validated, so Debezium would write NULLs from before it as empty values.",
  ],
])(
  "%s: refused by preview, and the application goes on writing",
  async (_what, sql, reason) => {
    await client.query(sql);
    const wanted = "public.customers,public.stored,public.virtual,public.refused";
    expect((await stack.refusal("preview", { tables: wanted })).replace(/\s+/g, " ")).toContain(reason);
    await client.query("update refused set w = 2");
    await client.query("drop table refused");
  },
  UP_MS,
);

test(
  "the publication is dropped and made again by hand: 18 reads past what was written meanwhile, so all is read again",
  async () => {
    const { rows } = await client.query(
      "select string_agg(format('%I.%I', schemaname, tablename), ',') as all from pg_publication_tables",
    );
    await client.query("drop publication debezium");
    await client.query("insert into public.customers (first_name) values ('unpublished')");
    await client.query(`create publication debezium for table ${rows[0].all} with (publish_generated_columns = stored,
      publish_via_partition_root = true)`);
    await client.query(
      "comment on publication debezium is 'Change data capture of " + `${stack.prefix}/capture. Goes with it.'`,
    );
    expect(await stack.up()).toContain("public.customers was out of the publication for a while");
    const changes = await feed.arrived(({ after }) => after?.["first_name"] === "unpublished", 0, "public.customers");
    expect(changes.at(-1)).toMatchObject({ op: "snapshot" });
  },
  UP_MS,
);

describe("the types of its catalogue", () => {
  const rig = new Rig("types-18", {
    initFolder: "test/integration/consumer/database",
    handler: "test/integration/consumer/handler.ts",
    tables: "public.*",
    postgresVersion: "18",
  });
  beforeAll(() => rig.start(), 900_000);
  afterAll(() => rig.remove(), 120_000);

  everyType(rig);
  untold(rig);
});
