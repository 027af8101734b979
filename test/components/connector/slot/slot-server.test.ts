import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { withDatabase } from "../../../../components/connector/slot/connector-session";
import { lossOf, rewoundOf } from "../../../../components/connector/slot/slot-loss";
import { slotState } from "../../../../components/connector/slot/source";
import { poll } from "../../../../components/poll";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

// Uses a real server or a process of its own, where a step takes seconds on a busy machine.
/** Checks how Postgres reports a slot that somebody drops, moves on or does not read for too long. */
let server: EmbeddedPostgres;
/** The position up to which the connector has read. */
let stored: number;

beforeAll(async () => {
  server = await EmbeddedPostgres.start({ max_slot_wal_keep_size: "-1", max_wal_size: "32MB", min_wal_size: "32MB" });
  await server.query("CREATE TABLE t (a text)");
  await make();
  stored = Number((await state()).confirmed);
  await write();
});
afterAll(() => server.stop());

const state = () => withDatabase(server.at(), (client) => slotState((work) => work(client), "s"));
const make = () => server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
const drop = () => server.query("SELECT pg_drop_replication_slot('s')");
const write = () => server.query("INSERT INTO t SELECT repeat('x', 1000) FROM generate_series(1, 100)");
const set = async (name: string, value: string): Promise<void> => {
  await server.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await server.query("SELECT pg_reload_conf()");
};
/** The reported loss, and whether it is about 100 kB. */
async function loss(): Promise<unknown> {
  const found = lossOf(await state(), stored);
  return found && [found.kind, found.reason, Number(found.to - found.from) > 100_000];
}
async function invalidatedBy(step: () => Promise<unknown>): Promise<unknown> {
  return poll<unknown>(
    async () => {
      await step();
      const found = await loss();
      return found === undefined ? { done: false, seen: "nothing" } : { done: true, value: found };
    },
    { what: "Postgres to give the slot up", deadlineMs: 20_000, intervalMs: 300 },
  );
}

test("a slot that waits has lost nothing", async () => {
  expect(await state()).toMatchObject({ exists: true, active: false, invalidated: undefined });
  expect(await loss()).toBeUndefined();
});

test("the log of an older copy of the database ends before what was read", async () => {
  const { ends } = await state();
  expect(rewoundOf(await state(), Number(ends))).toBeUndefined();
  expect(rewoundOf(await state(), Number(ends) + 1_000_000)).toMatchObject({ kind: "rewound" });
});

test("moved on", async () => {
  await server.query("SELECT pg_replication_slot_advance('s', pg_current_wal_lsn())");
  expect(await loss()).toEqual(["passed", undefined, true]);
});

test("dropped, and made again", async () => {
  await drop();
  expect(await loss()).toEqual(["dropped", undefined, true]);
  await make();
  expect(await loss()).toEqual(["passed", undefined, true]);
  await drop();
});

test("beyond max_slot_wal_keep_size", async () => {
  await make();
  stored = Number((await state()).confirmed);
  await set("max_slot_wal_keep_size", "1MB");
  const segment = async (): Promise<void> => {
    await write();
    await server.query("SELECT pg_switch_wal()");
    await server.query("CHECKPOINT");
  };
  expect(await invalidatedBy(segment)).toEqual(["invalidated", "wal_removed", true]);
  await drop();
  await set("max_slot_wal_keep_size", "-1");
});

test("idle for longer than idle_replication_slot_timeout", async () => {
  await make();
  stored = Number((await state()).confirmed);
  await write();
  await set("idle_replication_slot_timeout", "1s");
  expect(await invalidatedBy(() => server.query("CHECKPOINT"))).toEqual(["invalidated", "idle_timeout", true]);
  await drop();
});
