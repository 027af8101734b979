import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Client } from "pg";
import type { StackOutputs } from "../../commands/stack/stack-outputs";
import { clientsOf } from "../support/stack/clients";
import type { Feed } from "../support/stack/feed";
import { TestStack } from "../support/stack";
import { recordsOf } from "../support/stack/topic";
import { added } from "./tables/added";
import { capture } from "./tables/capture";
import { names } from "./tables/names";
import { partitions } from "./tables/partitions";
import { remade } from "./tables/remade";
import { transformed } from "./tables/transformed";

/** Adds and removes tables. Tables that were captured before are neither read again nor missed. */
const UP_MS = 180_000;
const stack = new TestStack("tables");
let outputs: StackOutputs;
let client: Client;
let feed: Feed;

beforeAll(async () => {
  await stack.create();
  await stack.up();
  ({ client, feed, outputs } = await clientsOf(stack));
}, 900_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

async function write(table: string, ...notes: string[]): Promise<void> {
  for (const note of notes) await client.query(`insert into ${table} (last_name) values ($1)`, [note]);
}

/** The changes of a table that reached the consumer since its last start. It starts again when its topics change. */
async function reported(table: string, count: number): Promise<string[]> {
  const changes = await feed.arrived(count, 0, table);
  return changes.map(({ op, after }) => `${op} ${String(after?.["last_name"])}`).sort();
}

/** All records that the connector ever wrote about a table, sorted: a chunk that is read beside the stream has no certain place in it. */
async function written(table: string): Promise<string[]> {
  const records = await recordsOf(outputs.bootstrapServers, `cdctest.${table}`);
  return records
    .map(({ value }) => JSON.parse(value!) as { op: "c" | "r"; after: { last_name: string } })
    .map(({ op, after }) => `${{ c: "create", r: "snapshot" }[op]} ${after.last_name}`)
    .sort();
}

/** Tables in the publication, and tables on which the connector's role has rights. */
async function captured() {
  const names = async (sql: string): Promise<string[]> =>
    (await client.query(sql)).rows.map(({ name }) => String(name));
  const published = "select schemaname || '.' || tablename as name from pg_publication_tables order by 1";
  const granted =
    "select distinct table_schema || '.' || table_name as name from information_schema.role_table_grants " +
    "where grantee = 'debezium' order by 1";
  return { published: await names(published), granted: await names(granted) };
}

const like = (table: string) => `create table ${table} (id serial primary key, last_name varchar)`;

describe("the captured tables", () => {
  test(
    "one added: its rows are read, the others' are not read again",
    async () => {
      await write("public.customers", "c1", "c2");
      await client.query(like("public.orders"));
      await write("public.orders", "o1", "o2", "o3");
      await stack.pulumi("config", "set", "tables", "public.customers,public.orders");
      await stack.up();
      // The next row is written only now. A row that is written before the table is read comes both ways.
      const snapshot = ["snapshot o1", "snapshot o2", "snapshot o3"];
      expect(await reported("public.orders", 3)).toEqual(snapshot);
      await write("public.customers", "c3");
      await write("public.orders", "o4");

      const orders = ["create o4", ...snapshot];
      expect(await reported("public.orders", 4)).toEqual(orders);
      expect(await reported("public.customers", 1)).toEqual(["create c3"]);
      expect(await written("public.customers")).toEqual(["create c1", "create c2", "create c3"]);
      expect(await written("public.orders")).toEqual(orders);
      const tables = ["debezium.signals", "public.customers", "public.orders"];
      expect(await captured()).toEqual({ published: tables, granted: ["debezium.captured", ...tables] });
    },
    UP_MS,
  );

  test(
    "one taken out, and a whole schema put in: no more is heard of the one, all of the other is read",
    async () => {
      await client.query("create schema sales");
      await client.query(like("sales.leads"));
      await write("sales.leads", "l1", "l2");
      await stack.pulumi("config", "set", "tables", "public.customers,sales.*");
      await stack.up();
      expect(await reported("sales.leads", 2)).toEqual(["snapshot l1", "snapshot l2"]);
      await write("public.orders", "o5");
      await write("sales.leads", "l3");
      await write("public.customers", "c4");

      expect(await reported("public.customers", 1)).toEqual(["create c4"]);
      expect(await reported("sales.leads", 3)).toEqual(["create l3", "snapshot l1", "snapshot l2"]);
      expect(await written("public.customers")).toEqual(["create c1", "create c2", "create c3", "create c4"]);
      // Its topic stays, and gets no more records.
      expect(await written("public.orders")).toEqual(["create o4", "snapshot o1", "snapshot o2", "snapshot o3"]);
      const tables = ["debezium.signals", "public.customers", "sales.leads"];
      expect(await captured()).toEqual({ published: tables, granted: ["debezium.captured", ...tables] });
    },
    UP_MS,
  );

  test(
    "those made in that schema: the next up captures them, with a primary key and without",
    async () => {
      for (const table of ["sales.visits", "sales.views"]) {
        await client.query(`create table ${table} (last_name varchar)`);
        await write(table, "v1", "v2");
      }
      await client.query(like("sales.deals"));
      await write("sales.deals", "d1", "d2");
      await stack.up();
      expect(await reported("sales.visits", 2)).toEqual(["snapshot v1", "snapshot v2"]);
      expect(await reported("sales.views", 2)).toEqual(["snapshot v1", "snapshot v2"]);
      expect(await reported("sales.deals", 2)).toEqual(["snapshot d1", "snapshot d2"]);
      await write("sales.visits", "v3");
      await write("sales.deals", "d3");
      await write("sales.leads", "l4");

      expect(await reported("sales.visits", 3)).toEqual(["create v3", "snapshot v1", "snapshot v2"]);
      expect(await reported("sales.deals", 3)).toEqual(["create d3", "snapshot d1", "snapshot d2"]);
      expect(await reported("sales.leads", 1)).toEqual(["create l4"]);
      expect(await written("sales.leads")).toEqual(["create l3", "create l4", "snapshot l1", "snapshot l2"]);
      const made = ["sales.deals", "sales.leads", "sales.views", "sales.visits"];
      const tables = ["debezium.signals", "public.customers", ...made];
      expect(await captured()).toEqual({ published: tables, granted: ["debezium.captured", ...tables] });
    },
    UP_MS,
  );

  test(
    "with snapshotMode no_data nothing is read of one that is added",
    async () => {
      await client.query(like("sales.quotes"));
      await write("sales.quotes", "q1");
      await stack.pulumi("config", "set", "snapshotMode", "no_data");
      await stack.up();
      await write("sales.quotes", "q2");
      expect(await reported("sales.quotes", 1)).toEqual(["create q2"]);
      expect(await written("sales.quotes")).toEqual(["create q2"]);
      await stack.pulumi("config", "set", "snapshotMode", "initial");
    },
    UP_MS,
  );

  test(
    "changed by hand in the database: the next up says what, and repairs it",
    async () => {
      const before = await captured();
      await client.query("alter publication debezium drop table sales.leads");
      await client.query("revoke select on public.customers from debezium");
      await client.query("alter table sales.deals replica identity default");
      await client.query("alter role debezium createdb");
      expect(await stack.up()).toContain(
        "Capture debezium is not as it was left; an up repairs it: " +
          "role debezium gained SUPERUSER, CREATEDB or CREATEROLE; publication debezium lacks sales.leads; " +
          "debezium may not SELECT from public.customers; sales.deals has REPLICA IDENTITY DEFAULT.",
      );
      expect(await captured()).toEqual(before);
      await write("sales.leads", "l5");
      // The table was out of the publication for some time. Only the table has the rows that were written then.
      const again = ["l1", "l2", "l3", "l4"].map((note) => `snapshot ${note}`);
      expect(await reported("sales.leads", 6)).toEqual(["create l5", ...again, "truncate undefined"]);
    },
    UP_MS,
  );
});

describe("an added table", () =>
  added(
    stack,
    () => client,
    () => outputs.bootstrapServers,
  ));

describe("a captured table", () =>
  remade(
    stack,
    () => client,
    () => feed,
    () => outputs,
  ));

describe("rows that change without a word in the log", () =>
  partitions(
    stack,
    () => client,
    () => outputs,
  ));

describe("added tables behind transforms", () =>
  transformed(
    stack,
    () => client,
    () => outputs.bootstrapServers,
  ));

describe("a capture of another database", () => capture(() => outputs.databaseUrl));

describe("tables of any name", () =>
  names(
    stack,
    () => client,
    () => feed,
  ));
