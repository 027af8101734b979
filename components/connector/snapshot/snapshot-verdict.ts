import type { Notification } from "./notifications";

/** A table that Debezium was asked to read. */
export interface AskedTable {
  /** `schema.table` as the database has it. */
  table: string;
  type: "incremental" | "blocking";
  /** The signal's id. */
  id: string;
  /** How many notifications there were when it was asked. */
  since: number;
}

export type SnapshotVerdict =
  /** `whole`: whether `rows` counts all that were read; a task that starts anew counts from zero. */
  | { is: "read"; rows: number; whole: boolean }
  | { is: "failed"; reason: string }
  /** The task was started anew and does not know any more what it was asked for. */
  | { is: "forgotten" }
  | { is: "waiting" };

/**
 * Pure: how far Debezium is with a table. A snapshot beside the stream is known by its signal, and goes on after a
 * restart. One that the stream waits for has no name and does not go on (3.7.0): a task that starts tells that it
 * skips its first snapshot.
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

/** Of snapshots that the stream waits for, those that began since then and are not about other tables. */
function blockingRuns(table: string, since: readonly Notification[]): Notification[] {
  const runs: Notification[][] = [];
  for (const each of since.filter(({ kind }) => kind === "blocking")) {
    if (each.type === "STARTED") runs.push([each]);
    else runs.at(-1)?.push(each);
  }
  return runs.filter((run) => run.every(({ tables }) => !isOfOthers(table, tables ?? []))).flat();
}

/** Names may hold the comma at which the list was split, this table's and the others'. Nothing is said of some runs. */
function isOfOthers(table: string, tables: string[]): boolean {
  const all = tables.join();
  return all !== "" && !`,${all},`.includes(`,${table},`);
}

/** Pure: whether a snapshot beside the stream is under way, whoever asked for it. */
export function isUnderWay(told: readonly Notification[]): boolean {
  const last = told.filter(({ kind }) => kind === "incremental").at(-1);
  return last !== undefined && !["COMPLETED", "ABORTED"].includes(last.type);
}
