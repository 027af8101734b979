import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { clientOptions } from "../../../../components/database/client";
import { isSuspect, type Reads, readsAfter, whyUndecodable } from "../../../../components/connector/slot/decoding";
import { type Ask, withSession } from "../../../../components/connector/slot/connector-session";
import { slotState, type SlotState } from "../../../../components/connector/slot/source";
import { poll } from "../../../../components/poll";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
const sessions: Client[] = [];
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE t (a int); CREATE TABLE other (a int); CREATE PUBLICATION p FOR ALL TABLES");
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((each) => each.end()));
  await server.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
});
afterAll(() => server.stop());

async function session(): Promise<Client> {
  const client = new Client(clientOptions(server.at()));
  sessions.push(client);
  await client.connect();
  return client;
}
const asked = <T>(work: (ask: Ask) => Promise<T>) => withSession(server.at(), work);

/** Makes slot s while two transactions are open, of which the second one writes. A third one begins meanwhile. */
async function madeWhile(second: string): Promise<void> {
  const [first, other, maker] = await Promise.all([session(), session(), session()]);
  await first.query("BEGIN; INSERT INTO other VALUES (1)");
  const made = maker.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
  await waiting(maker);
  await other.query(`BEGIN; ${second}`);
  const before = await waitsFor(maker);
  await first.query("COMMIT");
  await poll<void>(
    async () => {
      const seen = await waitsFor(maker);
      // Between the two, it waits for nothing.
      return seen !== "" && seen !== before ? { done: true, value: undefined } : { done: false, seen };
    },
    { what: "the slot's maker to wait for the second one", deadlineMs: 20_000, intervalMs: 10 },
  );
  await server.query("INSERT INTO other VALUES (2)");
  await other.query("COMMIT");
  await made;
}

const processOf = (client: Client) => (client as unknown as { processID: number }).processID;
/** The transaction that a session waits for. */
async function waitsFor(client: Client): Promise<string> {
  const sql =
    "SELECT transactionid::text AS id FROM pg_locks WHERE pid = $1 AND locktype = 'transactionid' AND NOT granted";
  return asked((ask) =>
    ask(async (own) => (await own.query<{ id: string }>(sql, [processOf(client)])).rows[0]?.id ?? ""),
  );
}
async function waiting(client: Client): Promise<void> {
  await poll<void>(
    async () => ((await waitsFor(client)) === "" ? { done: false, seen: "nothing" } : { done: true, value: undefined }),
    { what: "the slot's maker to wait", deadlineMs: 20_000, intervalMs: 10 },
  );
}

test("a slot that was made while a table was truncated cannot be decoded, and Postgres says why", async () => {
  await madeWhile("TRUNCATE t");
  await server.query("INSERT INTO t VALUES (1)");
  expect(await asked((ask) => whyUndecodable(ask, "s", "p"))).toMatch(
    /^could not map filenumber "\S+" to relation OID: the slot was made while a table was truncated or altered$/,
  );
});

test("any other slot can, also one that is read, and one that is not there says nothing", async () => {
  await madeWhile("INSERT INTO t VALUES (1)");
  await server.query("INSERT INTO t VALUES (2)");
  expect(await asked((ask) => whyUndecodable(ask, "s", "p"))).toBeUndefined();
  expect(await asked((ask) => whyUndecodable(ask, "none", "p"))).toBeUndefined();
});

// Postgres 18 and later skip such changes. `test/integration/connector/repaired` has what 17 says.
test("a publication that was missing while changes were written is the cause, and a slot that is missing is none", async () => {
  const failing = async (error: object): Promise<string | undefined> =>
    whyUndecodable(() => Promise.reject(Object.assign(new Error("no p"), { code: "42704", ...error })), "s", "p");
  expect(await failing({ where: "slot s, in the change callback" })).toBe(
    "no p: it was missing while changes were written",
  );
  expect(await failing({})).toBeUndefined();
});

test("another publication, made after the changes were written, is none either", async () => {
  await server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
  await server.query("INSERT INTO t VALUES (1)");
  await server.query("CREATE PUBLICATION later FOR ALL TABLES");
  expect(await asked((ask) => whyUndecodable(ask, "s", "p"))).toBeUndefined();
});

test("each reader that came and went is seen, with its time", async () => {
  await server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
  let reads: Reads | undefined;
  const suspected: boolean[] = [];
  for (let visit = 0; visit < 4; visit++) {
    const slot = await asked((ask) => slotState(ask, "s"));
    reads = readsAfter(reads, slot);
    suspected.push(isSuspect(reads, slot));
    await asked((ask) => whyUndecodable(ask, "s", "p"));
  }
  expect(suspected).toEqual([false, false, false, true]);
});

test("a slot that moves on is not suspected, and none of an older Postgres, which does not say when it was let go", () => {
  const slot = (confirmed: bigint, released?: string) => ({ active: false, confirmed, released }) as SlotState;
  const failed = (...slots: SlotState[]) => slots.reduce<Reads | undefined>(readsAfter, undefined)!.failed;
  expect(failed(slot(1n, "a"), slot(1n, "b"), slot(2n, "c"), slot(2n, "d"))).toBe(1);
  expect(failed(slot(1n), slot(1n), slot(1n))).toBe(0);
});
