import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Kafka, logLevel } from "kafkajs";
import { Client } from "pg";
import { runChild } from "../../commands/child";
import type { StackOutputs } from "../../commands/stack";
import type { TableResult } from "../../commands/verify/result";
import { TestStack } from "../support/stack";
import { WRITERS, type Writer } from "./schemas/samples";

/** Whole schemas of a bookshop, three web frameworks, measurements, an event store and many tenants, written to for a minute. */
const WRITE_MS = 60_000;
const names = Object.keys(WRITERS);
const stack = new TestStack("schemas");
let outputs: StackOutputs;

beforeAll(async () => {
  const samples = "test/integration/schemas/database";
  await stack.create({
    initFolder: stack.initFolder,
    tables: ["public.every_type", ...names.map((name) => `${name}.*`)].join(","),
  });
  for (const file of readdirSync(samples)) copyFileSync(join(samples, file), join(stack.initFolder, file));
  copyFileSync("test/integration/consumer/database/every-type.sql", join(stack.initFolder, "every-type.sql"));
  await stack.up();
  outputs = await stack.outputs();
}, 900_000);

afterAll(() => stack.remove(), 120_000);

/** Writes until the time is over. @returns how many steps the database took: all of them */
async function writeFor(ms: number, write: Writer): Promise<number> {
  const client = new Client({ connectionString: outputs.databaseUrl });
  await client.connect();
  try {
    const end = Date.now() + ms;
    let steps = 0;
    while (Date.now() < end) await write(client, ++steps);
    return steps;
  } finally {
    await client.end();
  }
}

/** `npm run verify`; what it prints is there in a failure, too. */
async function verified(...args: string[]): Promise<TableResult[]> {
  const run = ["toolchain/look.mjs", "verify", "--json", ...args];
  const text = await runChild(process.execPath, run, { env: { ...process.env, ...stack.environment } }).catch(
    (error: Error) => {
      if (!error.message.includes("ended with code 1")) throw error;
      return error.message.slice(error.message.indexOf("\n{"), error.message.lastIndexOf("}") + 1);
    },
  );
  return (JSON.parse(text) as { tables: TableResult[] }).tables;
}

const unequal = (tables: TableResult[]) => tables.filter(({ ok }) => !ok);

test(
  "a minute of writes: the applications' statements are all accepted, and the topics hold what the tables hold",
  async () => {
    const writing = Promise.all(Object.values(WRITERS).map((write) => writeFor(WRITE_MS, write)));
    // In the middle of it, as well as after it.
    expect(unequal(await verified())).toEqual([]);
    const steps = await writing;
    // Each writer got far enough to have done all that it does.
    for (const count of steps) expect(count).toBeGreaterThan(300);
    const tables = await verified();
    expect(unequal(tables)).toEqual([]);
    expect(new Set(tables.map(({ table }) => table.split(".")[0]))).toEqual(new Set(["public", ...names]));
    expect(tables.find(({ table }) => table === "public.every_type")!.rows).toEqual({ database: 1, topic: 1 });
  },
  WRITE_MS + 300_000,
);

test("a change that is lost, one that is altered and one that nobody wrote are found, with key and column", async () => {
  const client = new Client({ connectionString: outputs.databaseUrl });
  await client.connect();
  const producer = new Kafka({ brokers: [outputs.bootstrapServers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  try {
    const topic = "cdctest.bookshop.authors";
    const { rows } = await client.query("select (pg_current_wal_lsn() - '0/0')::text as lsn");
    const source = { lsn: Number(rows[0].lsn), txId: 3 };
    const told = (id: number, after: object | null) => ({
      key: JSON.stringify({ id }),
      value: JSON.stringify({ before: after && null, after, source, op: after ? "c" : "d" }),
    });
    const altered = { id: 2, name: "somebody else", born: "1900-01-03Z", died: "infinity" };
    const lost = { ...told(1, null), value: JSON.stringify({ before: { id: 1 }, after: null, source, op: "d" }) };
    await producer.send({ topic, messages: [lost, told(2, altered), told(999, { ...altered, id: 999 })] });

    const [authors] = unequal(await verified("--table", "bookshop.authors,bookshop.books"));
    expect(authors).toMatchObject({ table: "bookshop.authors", differing: 3, rows: { database: 20, topic: 20 } });
    expect(authors!.differences).toEqual([
      { kind: "only in the database", key: { id: "1" }, offset: null, columns: {} },
      {
        ...{ kind: "different", key: { id: "2" }, offset: expect.any(Number) },
        columns: { name: { database: "author 2", topic: "somebody else" } },
      },
      { kind: "only in the topic", key: { id: "999" }, offset: expect.any(Number), columns: {} },
    ]);
  } finally {
    await producer.disconnect();
    await client.end();
  }
}, 120_000);

test("a table that is not captured, and a stack that is not there, are told in a sentence", async () => {
  const env = { ...process.env, ...stack.environment };
  const run = (...args: string[]) => runChild(process.execPath, ["toolchain/look.mjs", "verify", ...args], { env });
  await expect(run("--table", "public.nothing")).rejects.toThrow(
    /code 2.*--table is "public\.nothing"; captured are bookshop\.authors/s,
  );
  await expect(run("--stack", "nowhere")).rejects.toThrow(/Container cdc-nowhere-postgres is missing\. `npm start`/);
});
