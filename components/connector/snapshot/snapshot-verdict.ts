import type { Notification } from "./notifications";

/** A table that Debezium was asked to read. */
export interface AskedTable {
  /** `schema.table` as the database has it. */
  table: string;
  type: "incremental" | "blocking";
  /** The signal's id. */
  id: string;
  /** How many notifications there were when the signal was sent. */
  since: number;
}

export type SnapshotVerdict =
  /** `whole`: whether `rows` counts all rows. A task that restarts counts from zero. */
  | { is: "read"; rows: number; whole: boolean }
  | { is: "failed"; reason: string }
  /** The task was restarted and no longer has the signal. */
  | { is: "forgotten" }
  | { is: "waiting" };

/**
 * Pure: how far Debezium is with a table. An incremental snapshot's notifications have the signal's id, and it goes on after a restart.
 * A blocking one's have no id, and it does not go on (3.7.0). A task that starts notifies SKIPPED for its first snapshot, which tells of
 * the restart.
 */
export function snapshotVerdict(asked: AskedTable, told: readonly Notification[]): SnapshotVerdict {
  const { table, type, id } = asked;
  const since = told.slice(asked.since);
  const own = type === "incremental" ? told.filter((each) => each.id === id) : blockingRuns(table, since);
  const scanned = own.find((each) => each.type === "TABLE_SCAN_COMPLETED" && each.table === table);
  if (scanned) {
    if (!GOOD.includes(scanned.status ?? "")) return { is: "failed", reason: `Debezium says ${scanned.status}` };
    const whole = !since.some((each) => each.type === "SKIPPED");
    return { is: "read", rows: scanned.rows ?? 0, whole };
  }
  switch (own.at(-1)?.type) {
    case "SKIPPED":
      return { is: "forgotten" };
    case "ABORTED":
      return { is: "failed", reason: "Debezium gave it up" };
    case "COMPLETED":
      return { is: "failed", reason: "Debezium found no such table" };
    default:
      return { is: "waiting" };
  }
}

const GOOD = ["SUCCEEDED", "EMPTY"];

/** The notifications of those blocking snapshots in `since` that are not about other tables. */
function blockingRuns(table: string, since: readonly Notification[]): Notification[] {
  const runs: Notification[][] = [];
  for (const each of since.filter(({ kind }) => kind === "blocking")) {
    if (each.type === "STARTED") runs.push([each]);
    else runs.at(-1)?.push(each);
  }
  return runs.filter((run) => run.every(({ tables }) => !isOfOthers(table, tables ?? []))).flat();
}

/** Whether a run names only other tables. Table names may hold the comma at which the list was split. Some runs name no table at all. */
function isOfOthers(table: string, tables: string[]): boolean {
  const all = tables.join();
  return all !== "" && !`,${all},`.includes(`,${table},`);
}

/** Pure: whether an incremental snapshot runs, whoever asked for it. */
export function isUnderWay(told: readonly Notification[]): boolean {
  const last = told.filter(({ kind }) => kind === "incremental").at(-1);
  return last !== undefined && !["COMPLETED", "ABORTED"].includes(last.type);
}

/** Pure: whether a blocking snapshot runs. A task that starts ends it, which its SKIPPED tells, or the beginning of another. */
export function isBlockingUnderWay(told: readonly Notification[]): boolean {
  const last = told.findLast(({ kind }) => kind === "blocking");
  return last !== undefined && !["COMPLETED", "ABORTED", "SKIPPED"].includes(last.type);
}
