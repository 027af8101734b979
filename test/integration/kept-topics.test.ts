import { afterAll, describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { runChild } from "../../commands/processes/child";
import { servicesOf } from "../../commands/look/containers-look";
import { poll } from "../../components/poll";
import { ConnectByHand } from "../support/stack/connect";
import { COORDINATION, docker, logs, TestStack } from "../support/stack";
import { configOf, recordsOf, writtenTo } from "../support/stack/topic";
import { Feed } from "../support/stack/feed";

/** Checks settings that leave topics behind: what is reported, what is asked, which topics stay, and what comes back. */
const UP_MS = 240_000;
const BOTH = "public.orders,public.notes";
const INIT = `
  create table public.orders (id int primary key, item text);
  create table public.notes (id int primary key, text text);
  insert into public.orders values (1, 'one'), (2, 'two');
  insert into public.notes values (1, 'first');
`;
const stack = new TestStack("kept-topics");
let client: Client;
let broker: string;

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

/** Runs a preview and then an up. @returns the output of both */
const previewAndUp = () => stack.pulumi("up", "--yes");
const set = (key: string, value: string) => stack.pulumi("config", "set", key, value);
/** The next `npm start` would resume a paused container. It does not resume stopped processes. */
const signalConsumer = (name: "STOP" | "CONT") =>
  docker("exec", `${stack.prefix}-consumer`, "sh", "-c", `kill -${name} -1`);

interface Told {
  op: string;
  before: { id: number } | null;
  after: { id: number } | null;
}

/** Operation and id of each record, such as `r1`. */
async function told(topic: string): Promise<string[]> {
  const records = await recordsOf(broker, topic);
  const values = records.flatMap(({ value }) => (value === null ? [] : [JSON.parse(value) as Told]));
  return values.map(({ op, before, after }) => `${op}${(after ?? before)?.id}`);
}

/** Waits until so many records were written to a topic. */
function written(topic: string, count: number): Promise<void> {
  return poll<void>(
    async () => {
      const now = await writtenTo(broker, topic);
      return now >= count ? { done: true, value: undefined } : { done: false, seen: `${now}` };
    },
    { what: `${count} records in ${topic}`, deadlineMs: 30_000 },
  );
}

test(
  "a stack of two tables",
  async () => {
    const folder = stack.initFolder;
    await stack.create({
      tables: BOTH,
      initFolder: folder,
      retention: "forever",
      connectMemoryMb: "1100",
      logLevel: "warn",
    });
    writeFileSync(join(stack.initFolder, "tables.sql"), INIT);
    const { postgresPort: port, kafkaPort } = stack.ports;
    broker = `127.0.0.1:${kafkaPort}`;
    await stack.up();
    client = new Client({ host: "127.0.0.1", port, user: "cdctest", password: "cdctest", database: "cdctest" });
    await client.connect();
    expect(await told("cdctest.public.orders")).toEqual(["r1", "r2"]);
    expect(await configOf(broker, "cdctest.public.orders", ["retention.ms", "segment.ms"])).toEqual([
      "-1",
      "604800000",
    ]);
    const format = "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}";
    const memory = await docker("inspect", "--format", format, `${stack.prefix}-connect`);
    expect(memory.trim()).toBe("1153433600 1153433600");
  },
  UP_MS,
);

describe("a table taken out", () => {
  test(
    "while the handler has not had all of it: npm start asks, names --yes, and changes nothing",
    async () => {
      await signalConsumer("STOP");
      await client.query("insert into public.orders values (3, 'three')");
      await written("cdctest.public.orders", 3);
      await set("tables", "public.notes");
      const before = stack.state().resources.map(({ urn }) => urn);
      await expect(stack.start()).rejects.toThrow(
        /code 2:[^]*nothing is changed yet:[^]*Topic cdctest\.public\.orders: stays in Kafka with 3 records, \d not yet handled[^]*--yes/,
      );
      expect(stack.state().resources.map(({ urn }) => urn)).toEqual(before);
      await signalConsumer("CONT");
    },
    UP_MS,
  );

  test(
    "leaves its topic with all records; the preview says so",
    async () => {
      const said = await previewAndUp();
      expect(said).toMatch(/Topic cdctest\.public\.orders: stays in Kafka with 3 records/);
      expect(said).toMatch(/Topic cdctest\.public\.orders delete\[retain\]/);
      await client.query("insert into public.orders values (4, 'unheard of')");
      await client.query("delete from public.orders where id = 1");
      expect(await told("cdctest.public.orders")).toEqual(["r1", "r2", "c3"]);
    },
    UP_MS,
  );

  test(
    "takes its topic over when it comes back, and is read once more; the handler gets what is new",
    async () => {
      await set("tables", BOTH);
      expect(await previewAndUp()).toMatch(/Topic cdctest\.public\.orders import/);
      // The record of the TRUNCATE: no other record reports the end of row 1.
      expect(await told("cdctest.public.orders")).toEqual(["r1", "r2", "c3", "tundefined", "r2", "r3", "r4"]);
      await client.query("insert into public.orders values (5, 'five')");
      const feed = new Feed(`http://127.0.0.1:${stack.ports.consumerPort}`);
      const found = await feed.arrived(({ after }) => after?.["item"] === "five");
      const orders = found.filter(({ table }) => table === "public.orders");
      expect(orders.map(({ op, after }) => `${op} ${String(after?.["id"])}`)).toEqual([
        "truncate undefined",
        ...["snapshot 2", "snapshot 3", "snapshot 4"],
        "create 5",
      ]);
      expect(stack.state().resources.filter(({ type }) => type === "kafka:index/topic:Topic")).toHaveLength(5);
    },
    UP_MS,
  );
});

test(
  "a shorter retention is told by the preview, and changes the topics where they are",
  async () => {
    await set("retention", "12h");
    expect(await previewAndUp()).toMatch(
      /Topic cdctest\.public\.notes: Kafka deletes what is older than 12 h of 1 record,/,
    );
    for (const topic of ["cdctest.public.orders", "cdctest.public.notes"])
      expect(await configOf(broker, topic, ["retention.ms", "segment.ms"])).toEqual(["43200000", "10800000"]);
    expect(await told("cdctest.public.notes")).toEqual(["r1"]);
  },
  UP_MS,
);

test(
  "compacted topics, and a quiet log: a TRUNCATE stops the connector by name, and it goes on from there where topics are not compacted",
  async () => {
    await set("cleanupPolicy", "compact");
    expect(await previewAndUp()).toContain(
      "Topic cdctest.public.notes: Kafka keeps the newest record of each key alone of 1 record",
    );
    const keys = ["cleanup.policy", "retention.ms"];
    expect(await configOf(broker, "cdctest.public.notes", keys)).toEqual(["compact", "604800000"]);
    expect(await configOf(broker, "cdctest.dead-letters", keys)).toEqual(["delete", "-1"]);

    await client.query("create table public.keyless (text text)");
    expect(await stack.refusal("preview", { tables: "public.notes,public.keyless" })).toContain(
      "public.keyless: no primary key or unique index that holds for all rows at any moment, so its records have none",
    );
    await client.query("drop table public.keyless");
    const count = await writtenTo(broker, "cdctest.public.notes");
    await client.query("truncate public.notes");
    await client.query("insert into public.notes values (1, 'again')");
    const connect = new ConnectByHand(`http://127.0.0.1:${stack.ports.connectPort}`);
    await connect.until("customer-cdc", "RUNNING FAILED");
    const status = runChild(process.execPath, ["toolchain/look.mjs", "status"], {
      env: { ...process.env, ...stack.environment },
    });
    await expect(status).rejects.toThrow(/Compacted topic cannot accept message without key[^]*cleanupPolicy delete/);
    for (const role of servicesOf(COORDINATION).filter((each) => each !== "postgres"))
      expect(await logs(`${stack.prefix}-${role}`)).not.toMatch(/\bINFO\b|"level":"info"/);

    await set("cleanupPolicy", "delete");
    await stack.up();
    await poll<void>(
      async () => {
        const last = (await told("cdctest.public.notes")).slice(count).join();
        // The INSERT may have been written before, each time the connector had read up to the TRUNCATE.
        return /^(c1,)*tundefined,c1$/.test(last) ? { done: true, value: undefined } : { done: false, seen: last };
      },
      { what: "the TRUNCATE and what came after it", deadlineMs: 30_000 },
    );
  },
  2 * UP_MS,
);

describe("a connector that begins anew", () => {
  test.each([
    ["captureName", "other", "debezium"],
    ["connectorName", "second-cdc", "customer-cdc"],
  ])(
    "under another %s reads every row again, behind a TRUNCATE, and goes on",
    async (key, value, before) => {
      // The slot is gone. A snapshot does not report rows that were deleted since.
      const first = ["tundefined"];
      const count = await writtenTo(broker, "cdctest.public.notes");
      await set(key, value);
      expect(await previewAndUp()).toContain(`cdc:${key} ${before} -> ${value}: the connector begins anew.`);
      await client.query("insert into public.notes select coalesce(max(id), 0) + 1, 'next' from public.notes");
      const { rows } = await client.query<{ id: number }>("select id from public.notes order by id");
      await written("cdctest.public.notes", count + first.length + rows.length);
      const now = (await told("cdctest.public.notes")).slice(count);
      expect(now).toEqual([...first, ...rows.slice(0, -1).map(({ id }) => `r${id}`), `c${rows.at(-1)!.id}`]);
    },
    2 * UP_MS,
  );
});

test(
  "another topicPrefix, and the first one again: what was written meanwhile is in its topics too",
  async () => {
    await set("topicPrefix", "other");
    expect(await previewAndUp()).toMatch(
      /cdc:topicPrefix cdctest -> other: [^]*Topic cdctest\.public\.notes: stays in Kafka/,
    );
    await client.query("insert into public.orders values (6, 'meanwhile')");
    await written("other.public.orders", 5);
    await set("topicPrefix", "cdctest");
    await stack.up();
    expect(await told("other.public.orders")).toEqual(["r2", "r3", "r4", "r5", "c6"]);
    expect((await told("cdctest.public.orders")).slice(-5)).toEqual(["r2", "r3", "r4", "r5", "r6"]);
  },
  2 * UP_MS,
);

test(
  "topics that are left behind hold up no destroy",
  async () => {
    expect(readFileSync(stack.stateFile, "utf8")).toContain('"retainOnDelete":true');
    await client.end();
    await stack.destroy();
    expect(await stack.objects()).toEqual([]);
  },
  UP_MS,
);
