import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Kafka, logLevel } from "kafkajs";
import { Client } from "pg";
import type { StackOutputs } from "../../commands/stack/stack-outputs";
import { clientsOf } from "../support/stack/clients";
import { TestStack } from "../support/stack";
import { runVerify, verified } from "../support/stack/verify";

/** Checks what `npm run verify` says about tables that change in every way, and about topics that lack changes. */
const stack = new TestStack("verify");
const TOPIC = "cdctest.shop";
let outputs: StackOutputs;
let client: Client;
let kafka: Kafka;

beforeAll(async () => {
  await stack.create({ initFolder: "test/integration/verify/database", tables: "shop.*" });
  await stack.up();
  ({ outputs, client } = await clientsOf(stack));
  kafka = new Kafka({ brokers: [outputs.bootstrapServers], logLevel: logLevel.NOTHING });
}, 600_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

async function inTurn(...statements: string[]): Promise<void> {
  for (const sql of statements) await client.query(sql);
}

/** Writes rows with a key and without one until it is stopped. @returns how many times */
function writing(): { stop: () => Promise<number> } {
  let stopped = false;
  const run = async (): Promise<number> => {
    const own = new Client({ connectionString: outputs.databaseUrl });
    await own.connect();
    let n = 0;
    for (; !stopped; n++) {
      await own.query("insert into shop.lines values ('busy', $1)", [n % 5]);
      await own.query("insert into shop.copied values ($1, 'busy')", [200_000 + n]);
      await own.query("begin; update shop.lines set amount = amount + 1 where item = 'busy' and amount = 0");
      await own.query(`delete from shop.copied where id = ${200_000 + n - 3}; commit`);
    }
    await own.end();
    return n;
  };
  const done = run();
  return { stop: () => ((stopped = true), done) };
}

test("keys, identities and partitions that change, COPY, TRUNCATE, no key and no rows: all equal, while it is written", async () => {
  await inTurn(
    // Changes the key: rows that were written with the old key are updated and deleted by the new one, in which an id occurs twice.
    "insert into shop.widened values (51, 1, 'last')",
    "begin; alter table shop.widened drop constraint widened_pkey; alter table shop.widened add primary key (tenant, id); commit",
    "insert into shop.widened values (1, 2, 'other')",
    "update shop.widened set v = 'updated' where tenant = 1 and id < 10",
    "delete from shop.widened where tenant = 1 and id between 10 and 20",
    "update shop.widened set tenant = 3 where id = 30",
    "copy shop.copied (id) from program 'seq 1 2000'",
    "truncate shop.emptied",
    "insert into shop.emptied values (1, 'new'), (77, null)",
    // An update whose record leaves the document out, and one whose record has it.
    "alter table shop.documents replica identity default",
    "update shop.documents set n = n + 1",
    "delete from shop.documents where id = 3",
    "update shop.documents set id = 40 where id = 4",
    "alter table shop.documents replica identity full",
    "update shop.documents set n = n + 1 where id < 3",
    "insert into shop.lines select * from shop.lines",
    "update shop.lines set amount = 9 where ctid in (select ctid from shop.lines limit 7)",
    "delete from shop.lines where ctid in (select ctid from shop.lines where amount = 0 limit 5)",
    // From one partition into the other.
    "update shop.measured set day = '2026-02-27' where sensor = 5",
    "delete from shop.measured where sensor between 40 and 45",
  );
  const writer = writing();
  const { code, stdout } = await runVerify(stack);
  expect(await writer.stop()).toBeGreaterThan(20);
  expect(stdout).toMatch(/^All are equal\.$/m);
  expect(code).toBe(0);
  // Numbers of rows, now that nobody writes.
  const rows = Object.fromEntries((await verified(stack)).map((each) => [each.table, [each.ok, each.rows.database]]));
  expect(rows).toMatchObject({
    "shop.altered": [true, 5],
    "shop.documents": [true, 9],
    "shop.emptied": [true, 2],
    "shop.measured": [true, 45],
    "shop.nothing": [true, 0],
    "shop.widened": [true, 41],
  });
  expect(Object.keys(rows)).toHaveLength(8);
}, 120_000);

test("what ALTER TABLE does is not logged: it is no difference, and the way out leads out", async () => {
  await inTurn(
    "alter table shop.altered add column state text default 'open'",
    "alter table shop.altered drop column gone",
    "insert into shop.altered values (6, 6, 'closed')",
  );
  const [added] = await verified(stack, "--table", "shop.altered");
  expect(added).toMatchObject({ ok: false, differing: 0, untold: 5, rows: { database: 6, topic: 6 } });
  expect(added!.differences).toHaveLength(5);
  expect(added!.differences[0]).toMatchObject({
    ...{ kind: "different", certain: false },
    columns: { state: { database: "open", topic: "(not in this record)" } },
  });
  const [, sql] = /`(UPDATE .*)`/.exec(added!.reasons[0]!) ?? [];
  expect(sql).toBe("UPDATE shop.altered SET state = state");
  await inTurn(sql!, "alter table shop.altered alter price type numeric(12, 4)");

  const [retyped] = await verified(stack, "--table", "shop.altered");
  expect(retyped).toMatchObject({ ok: false, differing: 0, untold: 6 });
  expect(retyped!.reasons).toEqual([expect.stringMatching(/^ALTER TABLE wrote 6 rows anew/)]);
  await inTurn("update shop.altered set price = price");
  expect(await verified(stack, "--table", "shop.altered")).toMatchObject([{ ok: true }]);
}, 120_000);

test("one row lost, one altered, one invented, and one that is there once too often: named, with exit code 1", async () => {
  const { rows } = await client.query(
    "select pg_current_xact_id()::text as xid, (pg_current_wal_lsn() - '0/0')::text as lsn",
  );
  const source = { lsn: Number(rows[0].lsn), txId: Number(rows[0].xid) };
  const told = (op: string, key: object | null, before: object | null, after: object | null) => ({
    key: key && JSON.stringify(key),
    value: JSON.stringify({ before, after, source, op }),
  });
  const producer = kafka.producer();
  await producer.connect();
  const messages = [
    told("d", { id: 1 }, { id: 1, v: "none" }, null),
    told("u", { id: 2 }, { id: 2, v: "none" }, { id: 2, v: "altered" }),
    told("c", { id: 99 }, null, { id: 300_000, v: "invented" }),
  ];
  await producer.send({ topic: `${TOPIC}.copied`, messages });
  await producer.send({ topic: `${TOPIC}.lines`, messages: [told("c", null, null, { item: "one more", amount: 1 })] });
  await producer.disconnect();

  const { code, stdout } = await runVerify(stack, "--table", "shop.copied,shop.lines,shop.nothing");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^shop\.copied .* 3 differ$/m);
  expect(stdout).toMatch(/^ {2}id 1: only in the database$/m);
  expect(stdout).toMatch(/^ {2}id 2: different, offset \d+\n {4}v: database none, topic altered$/m);
  expect(stdout).toMatch(/^ {2}id 300000: only in the topic, offset \d+$/m);
  expect(stdout).toMatch(
    /^shop\.lines .* 1 differs\n {2}To have .* DROP TABLE shop\.lines, then .*\n {2}item one more, amount 1: only in the topic/m,
  );
  expect(stdout).toMatch(/^shop\.nothing .* OK$/m);
  expect(stdout).toMatch(/^Not all are equal\.$/m);
}, 120_000);

test("records that were deleted from a topic: what they told cannot be told, and the rest is compared", async () => {
  const admin = kafka.admin();
  await admin.connect();
  // The client has to know the topic first.
  await admin.fetchTopicOffsets(`${TOPIC}.measured`);
  await admin.deleteTopicRecords({ topic: `${TOPIC}.measured`, partitions: [{ partition: 0, offset: "3" }] });
  await admin.disconnect();
  const [measured] = await verified(stack, "--table", "shop.measured");
  expect(measured).toMatchObject({ ok: false, differing: 0, untold: 3, rows: { database: 45, topic: 42 } });
  expect(measured!.reasons).toEqual([
    expect.stringMatching(/^The first 3 records of cdctest\.shop\.measured no longer exist/),
  ]);
}, 120_000);

test("a table that is not captured, none at all, and a stack that is not there, are told in a sentence", async () => {
  const wrong = await runVerify(stack, "--table", "shop.no_such");
  expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toMatch(/--table is "shop\.no_such"; captured are shop\.altered, shop\.copied, /);
  expect(await runVerify(stack, "--table", "")).toMatchObject({ code: 2 });
  expect((await runVerify(stack, "--stack", "nowhere")).stderr).toMatch(
    /Container cdc-nowhere-postgres is missing\. `npm start`/,
  );
}, 60_000);
