import { expect, test } from "@jest/globals";
import { Client } from "pg";
import { poll } from "../../../components/poll";
import { placeOf } from "../../../consumer/change/event-id";
import { ConnectByHand } from "../../support/stack/connect";
import type { Rig } from "../consumer/rig";
import { contentOf, type Read, Reader } from "./reader";

const CONNECTOR = "customer-cdc";
const SAVED_SLOT = "saved";
const TABLES = ["public.bulk", "public.keyed"];
const ROWS = 200;
const KEYS = 50;
const MOVED = 5;

/** The connector's offsets, as Connect keeps them. */
interface Offsets {
  offsets: { partition: object; offset: { [name: string]: unknown } }[];
}

export function events(rig: Rig): void {
  test.each(["blocking", "incremental"])(
    "rows that are read again by a snapshot that is %s stand where they are read",
    async (type) => {
      const { database } = rig;
      const reader = new Reader(rig, ["public.signalled"]);
      const before = (await reader.news()).length;
      await database.query("insert into signalled select max(id) + 1 from signalled");
      const signal = JSON.stringify({ type, "data-collections": ["public.signalled"] });
      await database.query("insert into debezium.signals values ($1, 'execute-snapshot', $2)", [type, signal]);
      const { rowCount } = await database.query("select from signalled");
      await rig.ends("public.signalled", before + 1 + rowCount!);
      await database.query("insert into signalled select max(id) + 1 from signalled");
      await rig.ends("public.signalled", before + 2 + rowCount!);
      const [first, ...rest] = (await reader.news()).map(({ change }) => change);
      const last = rest.pop()!;
      expect([first!.op, last.op, ...new Set(rest.map(({ op }) => op))]).toEqual(["create", "create", "snapshot"]);
      const places = rest.map(({ eventId }) => placeOf(eventId!));
      expect(new Set(places).size).toBe(1);
      expect(places[0]! >= placeOf(first!.eventId!)).toBe(true);
      expect(places[0]! < placeOf(last.eventId!)).toBe(true);
    },
  );

  test("each change has an id of its own, the same when a connector that was killed behind any record reads on", async () => {
    const { database, outputs } = rig;
    const connect = new ConnectByHand(outputs.connectUrl, outputs.connectToken);
    const { rows } = await database.query<{ slot_name: string }>("select slot_name from pg_replication_slots");
    const slot = rows[0]!.slot_name;
    await stopped(connect, () => copySlot(database, slot, SAVED_SLOT));
    await write(rig);
    const bulk = 2 * ROWS + 3;
    const keyed = 2 * KEYS + 2 * MOVED + 1;
    await rig.ends("public.bulk", bulk);
    // A tombstone follows each delete.
    await rig.ends("public.keyed", keyed + MOVED + 1);
    const reader = new Reader(rig, TABLES);
    const first = (await reader.news()).sort((a, b) => (a.change.eventId! < b.change.eventId! ? -1 : 1));
    const contents = new Map(first.map(({ change }) => [change.eventId, contentOf(change)]));
    expect(first).toHaveLength(bulk + keyed);
    expect(contents.size).toBe(bulk + keyed);

    const copied = first.filter(({ change }) => change.table === "public.bulk");
    // Records to set back to: the first, the second and the last row of a COPY, the first of an INSERT of many, the delete of a changed key.
    const moved = first.find(({ change }) => change.op === "delete")!;
    for (const last of [copied[0]!, copied[1]!, copied[ROWS - 1]!, copied[ROWS + 3]!, moved]) {
      await stopped(connect, async () => {
        await database.query("select pg_drop_replication_slot($1)", [slot]);
        await copySlot(database, SAVED_SLOT, slot);
        await setBack(connect, last, first);
      });
      const missing = new Set([...contents.keys()].filter((id) => id! > last.change.eventId!));
      await poll<void>(
        async () => {
          for (const { change } of await reader.news()) {
            expect(contentOf(change)).toEqual(contents.get(change.eventId));
            missing.delete(change.eventId);
          }
          return missing.size === 0
            ? { done: true, value: undefined }
            : { done: false, seen: `${missing.size} missing` };
        },
        { what: `what follows ${last.change.op} ${last.change.eventId}`, deadlineMs: 20_000, intervalMs: 200 },
      );
    }
    await database.query("select pg_drop_replication_slot($1)", [SAVED_SLOT]);
  }, 180_000);
}

/** Writes bulk loads to a table without a key, concurrent transactions, and changes of many rows and of keys. */
async function write(rig: Rig): Promise<void> {
  const { database } = rig;
  const other = new Client({ connectionString: rig.outputs.databaseUrl });
  await other.connect();
  try {
    await other.query("begin");
    await other.query("insert into bulk values (-1, 'begun first, committed last')");
    await database.query(`copy bulk (n) from program 'seq 1 ${ROWS}'`);
    await other.query("insert into bulk values (-2, 'x'), (-2, 'x')");
    await other.query("commit");
  } finally {
    await other.end();
  }
  await database.query(`insert into bulk select i, 'x' from generate_series(1, ${ROWS}) i`);
  await database.query(`insert into keyed select i, 0 from generate_series(1, ${KEYS}) i`);
  await database.query("update keyed set n = n + 1");
  await database.query(`update keyed set id = id + 1000 where id <= ${MOVED}`);
  await database.query(`delete from keyed where id = ${KEYS}`);
}

/** Calls `work` while the connector is stopped. */
async function stopped(connect: ConnectByHand, work: () => Promise<void>): Promise<void> {
  await connect.put(`/connectors/${CONNECTOR}/stop`);
  await connect.until(CONNECTOR, "STOPPED");
  await work();
  await connect.put(`/connectors/${CONNECTOR}/resume`);
  await connect.until(CONNECTOR, "RUNNING RUNNING");
}

async function copySlot(database: Client, from: string, to: string): Promise<void> {
  await database.query("select pg_copy_logical_replication_slot($1, $2)", [from, to]);
}

/** Sets the offset back, as if Connect had been killed when this record was the last that was safe in Kafka. */
async function setBack(connect: ConnectByHand, { change, source }: Read, all: readonly Read[]): Promise<void> {
  const path = `/connectors/${CONNECTOR}/offsets`;
  const { partition, offset } = (await connect.get<Offsets>(path))!.offsets[0]!;
  const [lastCommit] = JSON.parse(source.sequence) as [string | null];
  const before = all.filter((each) => each.source.lsn === source.lsn && each.change.eventId! <= change.eventId!);
  const { lsn, txId } = source;
  const of = { lsn, txId, lsn_proc: lsn, lsn_commit: Number(lastCommit), ts_usec: source.ts_us };
  const message = { messageType: change.op === "create" ? "INSERT" : "UPDATE", lsn_events_processed: before.length };
  // The place of the event, as the task keeps it in its offset.
  const [commit, event] = change.eventId!.split("-");
  const place = { event_commit_lsn: Number.parseInt(commit!, 16), event_place: Number(event) };
  await connect.patch(path, { offsets: [{ partition, offset: { ...offset, ...of, ...message, ...place } }] });
}
