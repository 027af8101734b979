import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { renoteTablesSql } from "../../../components/capture/notes";
import { withSession } from "../../../components/connector/slot/connector-session";
import type { Reader } from "../../../commands/upgrade-postgres/connectors";
import { logicalSlots, otherSessions, passSilence } from "../../../commands/upgrade-postgres/drain";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
const reader: Reader = {
  connector: "c",
  slot: "s",
  publication: "p",
  signalTable: "",
  server: "postgres:5432",
  state: "STOPPED",
};

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("create table told (id int); create table untold (id int); create publication p for table told");
  await server.query("select pg_create_logical_replication_slot('s', 'pgoutput')");
});

afterAll(() => server.stop(), 30_000);

/** How many bytes the slot still held, and the positions to which the connector was moved. */
async function passed(): Promise<{ told: number; moves: bigint[] }> {
  const moves: bigint[] = [];
  const told = await withSession(server.at(), (ask) =>
    passSilence(ask, reader, async (to) => {
      const [slot] = await server.query<{ at: string }>(
        "select confirmed_flush_lsn - '0/0' as at from pg_replication_slots where slot_name = 's'",
      );
      // The slot stays behind its connector: a slot that is ahead would look like a loss.
      expect(BigInt(slot!.at)).toBeLessThan(to);
      moves.push(to);
    }),
  );
  return { told, moves };
}

test("log without captured changes is skipped, in connector and slot alike: other tables, heartbeats, notes", async () => {
  await server.query("insert into untold values (1)");
  await server.query("select pg_logical_emit_message(true, 'cdc.heartbeat', '')");
  await server.query("select pg_logical_emit_message(true, 'cdc.capture', '[]')");
  const { told, moves } = await passed();
  expect(told).toBe(0);
  const [slot] = await server.query<{ at: string }>(
    "select confirmed_flush_lsn - '0/0' as at from pg_replication_slots",
  );
  expect(moves).toEqual([BigInt(slot!.at)]);
});

test.each([
  ["a change of a published table", "insert into told values (1)", 2],
  ["a TRUNCATE", "truncate told", 1],
  ["an application's message", "select pg_logical_emit_message(true, 'outbox', 'x')", 1],
  ["one whose prefix begins as a heartbeat's", "select pg_logical_emit_message(true, 'cdc.heartbeats', 'x')", 1],
])("%s is not passed", async (_what, sql, least) => {
  await server.query(sql);
  const { told, moves } = await passed();
  expect(told).toBeGreaterThanOrEqual(least);
  expect(moves).toEqual([]);
  await server.query("select pg_replication_slot_advance('s', pg_current_wal_flush_lsn())");
});

test("slots and sessions by name", async () => {
  await server.query("select pg_create_logical_replication_slot('a', 'pgoutput')");
  await withSession({ ...server.at(), application_name: "upgrade" }, async (ask) => {
    expect(await logicalSlots(ask)).toEqual(["a", "s"]);
    await withSession({ ...server.at(), application_name: "shop" }, async (other) => {
      await other((client) => client.query("select 1"));
      expect(await otherSessions(ask)).toEqual(["shop of super at 127.0.0.1 (1)"]);
    });
  });
});

test("the capture's notes take the new catalogue", async () => {
  await server.query(`create schema debezium;
    create table debezium.captured (relation oid primary key, schema text, name text, named text, published oid, key text, id text,
      identity text, identity_index text);
    insert into debezium.captured (relation, named, published) values ('told'::regclass, '1', 1), ('untold'::regclass, null, null)`);
  await server.query(renoteTablesSql({ signalTable: "debezium.signals", publication: "p" }));
  expect(
    await server.query(`select n.named = t.xmin::text as named, n.published = r.oid as published
      from debezium.captured n join pg_class c on c.oid = n.relation join pg_type t on t.oid = c.reltype
      left join pg_publication_rel r on r.prrelid = c.oid order by c.relname`),
  ).toEqual([
    { named: true, published: true },
    { named: null, published: null },
  ]);
});
