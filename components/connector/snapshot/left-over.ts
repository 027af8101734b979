/** Blocking snapshots that an earlier apply has asked for and not seen the end of. Asking once more would have their tables read twice. */
import { teller } from "../../../program/dynamic/teller";
import type { Probe } from "../../poll";
import { tableOfPattern, tablePattern } from "../config/table-patterns";
import { withDatabase } from "../slot/connector-session";
import { slotOf, slotState } from "../slot/source";
import { countArrivals } from "./arrivals";
import { copying } from "./moving";
import type { Notification } from "./notifications";
import { pendingAs, type Reading, rejectFailedTask, untilRead } from "./read-table";
import { endOfLog, type SignalNote } from "./signals";
import type { SnapshotSignal } from "./snapshot-signal";
import { isBlockingUnderWay, snapshotVerdict } from "./snapshot-verdict";

interface LeftSignal extends SnapshotSignal {
  cdc?: SignalNote;
}

/**
 * Waits until none of those snapshots is to be expected any more: each is over, or was ended by a restart of the task, which does not take
 * it up again.
 *
 * @returns the tables that they have read, each with its row count: to be called read, they must have been captured ever since. Undefined: there were
 *   no such snapshots
 */
export async function finishLeft(
  reading: Reading,
  tables: readonly string[],
): Promise<Map<string, number> | undefined> {
  const left = reading.left.flatMap(({ data }) => blockingOf(data) ?? []);
  const read = new Map<string, number>();
  if (left.length === 0) return undefined;
  await untilEnded(reading, left);
  const told = reading.reader.told();
  for (const table of tables) {
    const rows = left
      .map((signal) => rowsRead(signal, table, told, reading.inputs.tableIds))
      .find((each) => each !== undefined);
    if (rows !== undefined) read.set(table, rows);
  }
  return read;
}

/** The signal, if it asks for a blocking snapshot. */
function blockingOf(data: string): LeftSignal | undefined {
  try {
    const signal = JSON.parse(data) as LeftSignal;
    return signal.type === "blocking" && Array.isArray(signal["data-collections"]) ? signal : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Pure: how many rows of a table a signal's snapshot has read; undefined where it has not read all, where the table is another one by now,
 * and where the task has started since. A task that has started may have been without the table for a while.
 */
export function rowsRead(
  { cdc, "data-collections": asked }: LeftSignal,
  table: string,
  told: readonly Notification[],
  ids: Readonly<Record<string, string>> | undefined,
): number | undefined {
  if (cdc === undefined || !asked.includes(tablePattern(table))) return undefined;
  const id = cdc.ids[table];
  if (id === undefined || id !== ids?.[table]) return undefined;
  const after = told.findIndex(({ offset }) => offset !== undefined && offset >= cdc.after);
  if (after < 0) return undefined;
  const verdict = snapshotVerdict({ table, type: "blocking", id: "", since: after }, told);
  return verdict.is === "read" && verdict.whole ? verdict.rows : undefined;
}

/** What is looked at to see whether a snapshot is still to come. */
interface Look {
  told: readonly Notification[];
  /** Whether the database gives rows to one. */
  isCopying: boolean;
  /** How far the connector has read the log for certain, and where the log ended when the wait began. */
  confirmed?: bigint;
  end: bigint;
}

/** Pure: what a signal of an earlier apply is still waited for; undefined: it has had its snapshot, or lost it. */
export function whyWaiting({ told, isCopying, confirmed, end }: Look): string | undefined {
  if (isCopying || isBlockingUnderWay(told)) return "it is under way";
  if (confirmed === undefined || confirmed < end) return "the log before it is being read";
  return undefined;
}

async function untilEnded(reading: Reading, left: readonly LeftSignal[]): Promise<void> {
  const { inputs, reader, signals, asRole } = reading;
  const end = await withDatabase(signals.database, endOfLog);
  const tables = [...new Set(left.flatMap((signal) => signal["data-collections"]))].map(
    (pattern) => tableOfPattern(pattern) ?? pattern,
  );
  const names = tables.join(", ");
  const arrived = await countArrivals(reading.target, inputs, tables, reader);
  const tell = teller();
  const probe = async (): Promise<Probe<void>> => {
    await rejectFailedTask(reading);
    // In this order: what the log's end follows from is asked before the notifications, which come with it.
    const { confirmed } = await slotState(asRole, slotOf(inputs.config));
    const isCopying = (await copying(asRole, inputs)) !== undefined;
    const why = whyWaiting({ told: reader.told(), isCopying, confirmed, end });
    if (why === undefined) return { done: true, value: undefined };
    const words = `the snapshot that the last up asked for: ${why}, ${await arrived()} records since this up looks`;
    const seen = await pendingAs(reading, words, undefined, 0);
    tell(`${names}: ${seen.seen}.`, seen.kind);
    return { ...seen, mark: `${seen.mark} ${confirmed}` };
  };
  await untilRead(inputs, `${names} to be read by the snapshot that the last up asked for`, probe);
}
