import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { Kafka, logLevel } from "kafkajs";
import { Client } from "pg";
import { poll } from "../../components/poll";
import { docker, TestStack } from "../support/stack";
import { who } from "./held-up/who";

/** Checks what makes an `up` take long: other people's transactions, and many rows. It reports each, and then goes on. */
const UP_MS = 300_000;
const ROWS = 1_000_000;
const SMALL_ROWS = 1_000;
const TABLES = "public.big,public.small";
const stack = new TestStack("held-up");
const clients: Client[] = [];

beforeAll(async () => {
  await stack.create({ initFolder: stack.initFolder, tables: TABLES });
  writeFileSync(
    join(stack.initFolder, "01-big.sql"),
    `create table public.big (id int primary key, what text);
     insert into public.big select i, repeat('x', 200) from generate_series(1, ${ROWS}) i;
     create table public.small (id int primary key, amount int);
     insert into public.small select i, i from generate_series(1, ${SMALL_ROWS}) i;
     create table public.later (id int primary key);`,
  );
}, 60_000);

afterEach(async () => {
  // Closes what a failed test has left open, because it would hold up the others.
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
});

afterAll(async () => {
  await stack.remove();
}, 120_000);

async function session(program: string): Promise<Client> {
  const at = { host: "127.0.0.1", port: stack.ports.postgresPort, database: "cdctest" };
  const client = new Client({ ...at, user: "cdctest", password: "cdctest", application_name: program });
  client.on("error", () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

/** Waits until a session has waited for a lock for so long that it is reported. */
async function waits(client: Client, seconds: number, whose: string): Promise<void> {
  await poll<void>(
    async () => {
      const { rows } = await client.query(
        `select l.pid from pg_locks l join pg_stat_activity a using (pid)
          where not l.granted and l.waitstart < clock_timestamp() - $1 * interval '1 s' and ${whose}`,
        [seconds],
      );
      return rows.length > 0 ? { done: true, value: undefined } : { done: false, seen: "nobody waits" };
    },
    { what: "a session that waits", deadlineMs: 120_000, intervalMs: 200 },
  );
}

/** Waits until the first snapshot reads a table. */
async function copies(client: Client, table: string): Promise<void> {
  await poll<void>(
    async () => {
      const { rows } = await client.query(
        "select from pg_stat_activity where usename = 'debezium' and query like $1 and state = 'active'",
        [`SELECT % FROM "public"."${table}"%`],
      );
      return rows.length > 0 ? { done: true, value: undefined } : { done: false, seen: "nobody reads it" };
    },
    { what: `the copy of ${table}`, deadlineMs: 200_000, intervalMs: 50 },
  );
}

async function recordsOf(table: string): Promise<number> {
  const { bootstrapServers } = await stack.outputs();
  const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const partitions = await admin.fetchTopicOffsets(`cdctest.${table}`);
    return partitions.reduce((sum, { high }) => sum + Number(high), 0);
  } finally {
    await admin.disconnect();
  }
}

/** Waits until the capture has tried for so long. It waits for a lock again and again, each time briefly. */
async function isHeldUp(client: Client, seconds: number): Promise<void> {
  await poll<void>(
    async () => {
      const { rows } = await client.query(
        `select from pg_stat_activity where application_name = 'cdc capture' and backend_start < clock_timestamp() - $1 * interval '1 s'`,
        [seconds],
      );
      return rows.length > 0 ? { done: true, value: undefined } : { done: false, seen: "nobody is held up" };
    },
    { what: "a capture that is held up", deadlineMs: 120_000, intervalMs: 200 },
  );
}

test(
  "a first up: who holds up the slot is named while it is waited for; then the snapshot tells its rows, on few connections",
  async () => {
    const up = stack.up();
    up.catch(() => undefined);
    // As soon as the init files have run, long before Kafka Connect does.
    const application = await poll<Client>(
      async () => {
        const client = await session("nightly report").catch((error: Error) => error.message);
        if (typeof client === "string") return { done: false, seen: client };
        await client.query("begin");
        const wrote = await client.query("insert into public.later values (1)").catch((error: Error) => error.message);
        return typeof wrote === "string" ? { done: false, seen: wrote } : { done: true, value: client };
      },
      { what: "the database", deadlineMs: 200_000, intervalMs: 200 },
    );
    const { rows } = await application.query<{ pid: number }>("select pg_backend_pid() as pid");
    const looker = await session("test");
    await waits(looker, 6, "a.usename = 'debezium' and a.backend_type = 'walsender'");
    await application.query("commit");
    await copies(looker, "big");
    // Postgres writes the whole table anew. A transaction with an older snapshot would see no row in it, and the log has none.
    await application.query("alter table public.small alter amount type bigint");

    const said = await up;
    expect(await recordsOf("public.small")).toBe(SMALL_ROWS);
    expect(said).toMatch(
      new RegExp(
        `slot cdc_\\w+ is made when these have ended: process ${rows[0]!.pid} \\(nightly report\\) of cdctest in cdctest, ` +
          `open for \\d+ s, idle in transaction, last statement: select pg_backend_pid\\(\\) as pid ` +
          `\\(end it with: SELECT pg_terminate_backend\\(${rows[0]!.pid}\\)\\)`,
      ),
    );
    expect(said).toContain("What held it up has ended.");
    expect(said).toMatch(
      /snapshot: public\.big [\d,]+ of about 1,000,000 \(\d+ %\); [\d,]+ rows of 1 of 2 tables; [\d,]+ rows\/s/,
    );
    // Debezium's sessions count, too. Before, each look made a session, twenty a second.
    const { rows: made } = await looker.query<{ sessions: number }>(
      "select sessions::int from pg_stat_database where datname = 'cdctest'",
    );
    expect(made[0]!.sessions).toBeLessThan(60);
  },
  UP_MS,
);

test(
  "a table that is added while somebody has it: the capture names him, and the up goes on",
  async () => {
    const looker = await session("test");
    await looker.query("begin; insert into public.later values (2)");
    const up = stack.pulumi("config", "set", "tables", `${TABLES},public.later`).then(() => stack.up());
    up.catch(() => undefined);
    await isHeldUp(await session("test"), 4);
    await looker.query("commit");
    expect(await up).toMatch(
      /the capture waits for process \d+ \(test\) of cdctest in cdctest, open for \d+ s, idle in transaction, last statement: begin; insert/,
    );
  },
  UP_MS,
);

test(
  "one that does not end: the error names him, with the statement that ends it",
  async () => {
    const looker = await session("stubborn");
    await stack.pulumi("config", "set", "tables", TABLES);
    await stack.up();
    await looker.query("alter table public.later replica identity default; begin; insert into public.later values (3)");
    expect(await stack.refusal("up", { tables: `${TABLES},public.later` })).toMatch(
      /canceling statement due to lock timeout\. the capture waits for process \d+ \(stubborn\) .*pg_terminate_backend\(\d+\)\)\. Commit or end them/,
    );
    await looker.query("rollback");
  },
  UP_MS,
);

who(stack);

test(
  "a stop with somebody else's container on the network: named with the command that disconnects it, and nothing is removed",
  async () => {
    const before = await stack.objects();
    const image = await docker("inspect", `${stack.prefix}-postgres`, "--format", "{{.Config.Image}}");
    const [stranger, network] = [`${stack.prefix}x-stranger`, `${stack.prefix}-net`];
    await docker("run", "--detach", "--name", stranger, "--network", network, "--entrypoint", "sleep", image, "600");
    try {
      await expect(stack.stop()).rejects.toThrow(
        new RegExp(
          `Nothing was removed: .* ${stranger} has the network ${network}\\. [^]*\n  docker network disconnect ${network} ${stranger}\n`,
        ),
      );
      expect(await stack.objects()).toEqual(before);
      await docker("network", "disconnect", network, stranger);
      await stack.stop();
      expect(await stack.objects()).toEqual([]);
    } finally {
      await docker("rm", "--force", stranger);
    }
  },
  UP_MS,
);
