/** A snapshot of the database: the reader sees one moment while the application goes on writing. */
import type { Client } from "pg";
import { onceUnlocked } from "../../components/database/lock-wait";
import { poll } from "../../components/poll";
import { printingSession } from "./rows/database-rows";
import type { TableShape } from "./compared-table";
import { type Moment, momentOf } from "./rows/visibility";

/** How long tables may be locked by others. */
export const LOCKED_MS = 20_000;

/**
 * Begins a transaction that sees all tables at one moment, and keeps it. TRUNCATE would reach into it, so the tables are
 * locked against that first, as pg_dump does.
 *
 * @param other another session
 * @param role the connector's, whose printed form the values have. @default the session's own
 * @throws when somebody holds a table's lock for 20 s, with who that is
 */
export async function beginAt(
  client: Client,
  other: Client,
  shapes: readonly TableShape[],
  role?: string,
  deadlineMs = LOCKED_MS,
): Promise<Moment> {
  await client.query(printingSession(role));
  const begin = async (): Promise<void> => {
    await client.query("begin isolation level repeatable read read only");
    try {
      if (shapes.length === 0) return;
      await client.query(`lock table ${shapes.map(({ sql }) => sql).join(", ")} in access share mode`);
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  };
  await onceUnlocked(client, other, begin, { what: "verify", deadlineMs });
  const { rows } = await client.query<{ snapshot: string; lsn: string }>(
    "select pg_current_snapshot()::text as snapshot, (pg_current_wal_insert_lsn() - '0/0')::text as lsn",
  );
  // In the other session, since a number that this one held would keep new slots waiting as long as it reads.
  const { rows: after } = await other.query<{ next: string }>("select pg_current_xact_id()::text as next");
  return momentOf(rows[0]!.snapshot, BigInt(rows[0]!.lsn), BigInt(after[0]!.next));
}

/**
 * Waits until the connector has written everything up to the moment. Its heartbeats move the slot also while nothing is written.
 *
 * @param client another session than the moment's
 * @param deadlineMs how long the slot may stand still, in milliseconds: a connector that gets on may be far behind
 */
export async function awaitSlot(client: Client, slot: string, { lsn }: Moment, deadlineMs: number): Promise<void> {
  await poll<void>(
    async () => {
      const { rows } = await client.query<{ left: string; active: boolean; status: string }>(
        `select ($2::numeric - (confirmed_flush_lsn - '0/0'))::text as left, active, wal_status as status
         from pg_replication_slots where slot_name = $1`,
        [slot, lsn.toString()],
      );
      if (rows.length === 0)
        throw new Error(
          `There is no replication slot ${slot}: the connector reads nothing. \`npm run doctor\` says more.`,
        );
      const { left, active, status } = rows[0]!;
      if (Number(left) <= 0) return { done: true, value: undefined };
      if (status === "lost")
        throw new Error(
          `Replication slot ${slot} is lost: what it had still to read is gone. \`npm run doctor\` says more.`,
        );
      const seen = `${left} bytes of log before it${active ? "" : ", and nobody reads the slot"}`;
      return { done: false, seen, mark: left };
    },
    {
      what: `slot ${slot} to get to the moment that is compared`,
      deadlineMs,
      intervalMs: 100,
      remedy: "`npm run doctor` says what stands still; --timeout gives it longer.",
    },
  );
}
