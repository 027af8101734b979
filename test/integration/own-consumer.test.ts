import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { runChild } from "../../commands/child";
import { poll } from "../../components/poll";
import { docker, TestStack } from "../support/stack";
import { recordsOf } from "../support/topic";

/** A stack whose changes somebody else reads: nobody of the stack, and then the example in Python. */
const IMAGE = "cdc-test/python-consumer:1";
const TABLE = "public.customers";
const stack = new TestStack("own-consumer");
const container = `${stack.prefix}-consumer`;
let client: Client;
let building: Promise<string>;

interface Line {
  op: string;
  key: unknown;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

beforeAll(async () => {
  building = docker("build", "--quiet", "--tag", IMAGE, "examples/python");
  // The test says what went wrong.
  building.catch(() => undefined);
  await stack.create({ consumer: "none" });
  await stack.up();
  client = new Client({ connectionString: (await stack.outputs()).databaseUrl });
  await client.connect();
}, 900_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
  await docker("image", "rm", "--force", IMAGE);
}, 120_000);

test("with none there is no container of it, the changes are in Kafka, and npm start and status miss nothing", async () => {
  const outputs = await stack.outputs();
  expect(outputs).not.toHaveProperty("feedUrl");
  expect(await docker("ps", "--all", "--filter", `name=${container}`, "--quiet")).toBe("");
  await client.query(`insert into ${TABLE} (first_name) values ('ada')`);
  const value = await poll<string>(
    async () => {
      const records = await recordsOf(outputs.bootstrapServers, `cdctest.${TABLE}`);
      const last = records.at(-1)?.value;
      return last ? { done: true, value: last } : { done: false, seen: "no record" };
    },
    { what: "the record of the row", deadlineMs: 30_000 },
  );
  expect(JSON.parse(value)).toMatchObject({ op: "c", after: { first_name: "ada" } });
  const said = await stack.start();
  expect(said).toContain("The demo was left out: cdc:consumer is not the project's own consumer.");
  expect(await status()).toMatchObject({ healthy: true });
}, 120_000);

test("an image of one's own gets what it needs to know: the example in Python reads each change once, and status knows how far", async () => {
  await building;
  await stack.pulumi("config", "set", "consumer", IMAGE);
  await stack.up();
  expect(await stack.outputs()).toMatchObject({ consumerUrl: `http://localhost:${stack.ports.consumerPort}` });
  await client.query(`update ${TABLE} set email = 'ada@example.com' where first_name = 'ada'`);
  await client.query(`delete from ${TABLE} where first_name = 'ada'`);
  const lines = await printed(3);
  expect(lines.map(({ op, before, after }) => [op, before?.["email"], after?.["email"]])).toEqual([
    ["create", undefined, null],
    ["update", null, "ada@example.com"],
    ["delete", "ada@example.com", undefined],
  ]);
  // A stop leaves the group and has committed: the next life goes on where this one was.
  await docker("restart", container);
  await client.query(`insert into ${TABLE} (first_name) values ('grace')`);
  expect((await printed(4)).map(({ op }) => op)).toEqual(["create", "update", "delete", "create"]);
  await poll<void>(
    async () => {
      const { healthy, topics } = await status();
      const behind = topics.filter(({ topic }) => topic.endsWith(TABLE)).map(({ behind }) => behind);
      return healthy && behind.join() === "0"
        ? { done: true, value: undefined }
        : { done: false, seen: `${healthy} ${behind}` };
    },
    { what: "all records to be committed", deadlineMs: 30_000 },
  );
}, 240_000);

/** The customers' lines, once they are so many. */
function printed(count: number): Promise<Line[]> {
  return poll<Line[]>(
    async () => {
      const text = await docker("logs", container);
      const lines = text
        .split("\n")
        .filter((line) => line.includes(TABLE))
        .map((line) => JSON.parse(line) as Line);
      return lines.length >= count ? { done: true, value: lines } : { done: false, seen: text.slice(-500) };
    },
    { what: `${count} changes to be printed`, deadlineMs: 60_000 },
  );
}

async function status(): Promise<{ healthy: boolean; topics: { topic: string; behind: number }[] }> {
  const { environment } = stack;
  const args = ["toolchain/look.mjs", "status", "--json"];
  return JSON.parse(await runChild(process.execPath, args, { env: { ...process.env, ...environment } })) as never;
}
