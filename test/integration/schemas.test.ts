import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { runChild } from "../../commands/child";
import { TestStack } from "../support/stack";
import { WRITERS, type Writer } from "./schemas/samples";

/** Whole schemas of a bookshop, three web frameworks, measurements, an event store and many tenants, written to for a minute. */
const WRITE_MS = 60_000;
const names = Object.keys(WRITERS);
const stack = new TestStack("schemas");
let databaseUrl: string;

beforeAll(async () => {
  await stack.create({
    initFolder: "test/integration/schemas/database",
    tables: names.map((name) => `${name}.*`).join(","),
  });
  await stack.up();
  ({ databaseUrl } = await stack.outputs());
}, 900_000);

afterAll(() => stack.remove(), 120_000);

/** Writes until the time is over. @returns how many steps the database took: all of them */
async function writeFor(ms: number, write: Writer): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
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

interface Verified {
  tables: { table: string; ok: boolean }[];
}

test(
  "a minute of writes: the applications' statements are all accepted, and the topics hold what the tables hold",
  async () => {
    const steps = await Promise.all(Object.values(WRITERS).map((write) => writeFor(WRITE_MS, write)));
    // Each writer got far enough to have done all that it does.
    for (const count of steps) expect(count).toBeGreaterThan(300);
    const run = ["toolchain/run.mjs", "ts-node", "commands/verify.ts", "--json"];
    const text = await runChild(process.execPath, run, { env: { ...process.env, ...stack.environment } });
    const { tables } = JSON.parse(text) as Verified;
    expect(tables.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(tables.map(({ table }) => table.split(".")[0]))).toEqual(new Set(names));
  },
  WRITE_MS + 300_000,
);
