import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import type { StackOutputs } from "../../commands/stack/stack-outputs";
import type { TableResult } from "../../commands/verify/result";
import { TestStack } from "../support/stack";
import { verified } from "../support/stack/verify";
import { WRITERS, type Writer } from "./schemas/samples";

/** Whole schemas of a bookshop, three web frameworks, measurements, an event store and many tenants. Writers change them for a minute. */
const WRITE_MS = 60_000;
/** Number of steps after which each writer has done all that it can do. */
const LEAST_STEPS = 300;
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

/** Writes until the time is over and enough steps are done. @throws as soon as the database refuses a step */
async function writeFor(ms: number, write: Writer): Promise<void> {
  const client = new Client({ connectionString: outputs.databaseUrl });
  await client.connect();
  try {
    const end = Date.now() + ms;
    let steps = 0;
    while (Date.now() < end || steps < LEAST_STEPS) await write(client, ++steps);
  } finally {
    await client.end();
  }
}

const unequal = (tables: TableResult[]) => tables.filter(({ ok }) => !ok);

test(
  "a minute of writes: the applications' statements are all accepted, and the topics hold what the tables hold",
  async () => {
    const writing = Promise.all(Object.values(WRITERS).map((write) => writeFor(WRITE_MS, write)));
    // In the middle of the writing, and after it.
    expect(unequal(await verified(stack))).toEqual([]);
    await writing;
    const tables = await verified(stack);
    expect(unequal(tables)).toEqual([]);
    expect(new Set(tables.map(({ table }) => table.split(".")[0]))).toEqual(new Set(["public", ...names]));
    expect(tables.find(({ table }) => table === "public.every_type")!.rows).toEqual({ database: 1, topic: 1 });
  },
  WRITE_MS + 300_000,
);
