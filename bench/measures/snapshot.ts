import type { Client } from "pg";
import { waitFor } from "../machine/wait";
import { ConnectRest } from "../contestants/connect-rest";
import { type Run, withClient } from "./measure";
import { insertRows } from "./instruments/row-writer";

const SLOWEST = 1000;
/** Precision of the last row's time, in milliseconds. Snapshot rows have no commit time. */
const LOOK_MS = 100;

/** Removes the connector, fills the table, makes the connector again and waits for the last row. */
export async function measureSnapshot(run: Run): Promise<void> {
  const rows = run.durations.snapshotRows;
  run.say(`snapshot of ${rows.toLocaleString("en")} rows`);
  const connect = new ConnectRest(run.endpoints.connectUrl, run.signal, await run.contestant.connectToken());
  const name = run.contestant.connectorName;
  const config = await connect.config(name);
  await connect.remove(name);
  await withClient(run, async (client) => {
    await dropSlot(client, config["slot.name"] ?? "debezium");
    await client.query("truncate public.customers");
    await insertRows(client, "public.customers", rows);
  });
  const before = await run.feed.newest();
  const start = performance.now();
  await connect.create(name, config);
  const created = (performance.now() - start) / 1000;
  const end = await run.feed.untilTotal(before.total + rows, {
    deadlineMs: 60_000 + (rows / SLOWEST) * 1000,
    intervalMs: LOOK_MS,
  });
  const seconds = (performance.now() - start) / 1000;
  if (end.change?.op !== "snapshot" || end.total !== before.total + rows) {
    throw new Error(
      `${end.total - before.total} changes, the last a ${end.change?.op}, came for a snapshot of ${rows}`,
    );
  }
  run.record("snapshot", rows / seconds, { rows, seconds, created });
}

/** Drops the slot, once its reader has left: that is a moment after the connector is removed. */
async function dropSlot(client: Client, slot: string): Promise<void> {
  await waitFor<void>(
    async () => {
      const { rows } = await client.query("select active from pg_replication_slots where slot_name = $1", [slot]);
      if (rows.length === 0) return { done: true, value: undefined };
      if (rows[0].active) return { done: false, seen: `slot ${slot} is read` };
      await client.query("select pg_drop_replication_slot($1)", [slot]);
      return { done: true, value: undefined };
    },
    { what: `slot ${slot} to be free`, deadlineMs: 30_000, intervalMs: 100 },
  );
}
