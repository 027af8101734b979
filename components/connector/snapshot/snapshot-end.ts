import { poll } from "../../poll";
import type { Notification, NotificationReader } from "./notifications";
import { openWindows, type Signals } from "./signals";
import { isUnderWay } from "./snapshot-verdict";

/** Debezium is done within milliseconds. What a killed task has left is never closed. */
const PATIENCE_MS = 2000;

/**
 * Waits until Debezium is through with an incremental snapshot whose tables are read: it notifies COMPLETED after the last table, and only
 * then writes the row that closes the last chunk's window (3.7.0, `AbstractIncrementalSnapshotChangeEventSource.readChunk`). Does not wait
 * for a snapshot that goes on with further tables.
 *
 * @param patienceMs how long, in milliseconds; then it returns all the same
 */
export async function untilOver(
  told: NotificationReader["told"],
  signals: Signals,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const wait = poll<void>(
    async () => {
      if (isEnding(told())) return { done: false, seen: "a table is read, and the snapshot is not called complete" };
      const open = isUnderWay(told()) ? 0 : await openWindows(signals);
      return open === 0 ? { done: true, value: undefined } : { done: false, seen: `${open} open windows` };
    },
    { what: "the end of an incremental snapshot", deadlineMs: patienceMs, intervalMs: 20 },
  );
  await wait.catch((error: Error & { code?: string }) => {
    if (error.code !== "TIMEOUT") throw error;
  });
}

/** Whether the last word about an incremental snapshot is that a table is read: the next table follows, or the end. */
function isEnding(told: readonly Notification[]): boolean {
  return told.findLast(({ kind }) => kind === "incremental")?.type === "TABLE_SCAN_COMPLETED";
}
