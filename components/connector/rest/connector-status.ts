import type { ConnectorStatus, DesiredState, TaskState } from "../connector-types";

export type StatusVerdict =
  { is: "ready" } | { is: "waiting"; seen: string } | { is: "failed"; what: string; trace: string };

/** What a status means for someone who wants the connector in that state. */
export function judge(status: ConnectorStatus | undefined, desired: DesiredState): StatusVerdict {
  if (!status) return { is: "waiting", seen: "no status yet" };
  const failed = failures(status)[0];
  if (failed && desired !== "STOPPED") return { is: "failed", ...failed };
  const seen = describe(status);
  if (status.connector.state !== desired) return { is: "waiting", seen };
  if (desired === "STOPPED") return status.tasks.length === 0 ? { is: "ready" } : { is: "waiting", seen };
  // A connector that was created PAUSED has no task until it is resumed for the first time.
  const enough = status.tasks.length > 0 || desired === "PAUSED";
  const settled = enough && status.tasks.every((task) => task.state === desired);
  return settled ? { is: "ready" } : { is: "waiting", seen };
}

/** Everything that has failed: the connector itself first, then its tasks. */
export function failures(status: ConnectorStatus): { what: string; trace: string }[] {
  const parts = [
    { what: "the connector", ...status.connector },
    ...status.tasks.map((task) => ({ what: `task ${task.id}`, ...task })),
  ];
  return parts.filter(({ state }) => state === "FAILED").map(({ what, trace }) => ({ what, trace: trace ?? "" }));
}

/**
 * Whether the connector does not go on by itself and its offsets are final: it is paused or stopped, or a part of it has failed.
 * UNASSIGNED and RESTARTING pass, as after a rebalance. A STOPPED connector that still has a task is not final: the task releases the
 * slot before it writes its last offset, which Postgres has been told already.
 */
export function standsStill(status: ConnectorStatus): boolean {
  const { connector, tasks } = status;
  const stopped = connector.state === "STOPPED" && tasks.length === 0;
  return stopped || connector.state === "PAUSED" || failures(status).length > 0;
}

/** `connector RUNNING, task 0 UNASSIGNED`. */
export function describe({ connector, tasks }: ConnectorStatus): string {
  const each = tasks.map((task) => `task ${task.id} ${task.state}`);
  return [`connector ${connector.state}`, ...(each.length > 0 ? each : ["no task"])].join(", ");
}

/** One word for the whole: FAILED as soon as a part of it has. */
export function overallState(status: ConnectorStatus): string {
  return failures(status).length > 0 ? "FAILED" : status.connector.state;
}

/** The tasks for the outputs, by id. Worker addresses are left out: they change with every restart of a container. */
export function tasksOf(status: ConnectorStatus): TaskState[] {
  return status.tasks.map(({ id, state }) => ({ id, state })).sort((a, b) => a.id - b.id);
}
