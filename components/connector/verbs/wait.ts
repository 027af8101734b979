import { poll, type Probe } from "../../poll";
import { connectorPath, getStatus } from "../rest/connect-api";
import { elsewhereWords, type RestAnswer, isConnectError, messageOf, once, refused, type Target } from "../rest/rest";
import { explain } from "../rest/root-cause";
import { withSession, type Ask } from "../slot/connector-session";
import { isSuspect, type Reads, readsAfter, whyUndecodable } from "../slot/decoding";
import { isPostgres, publicationOf, slotOf, slotState, snapshotInOffsets, type SlotState } from "../slot/source";
import { withStartWatch, type StartWatch } from "./start-watch";
import { failures, judge } from "../rest/connector-status";
import type { Before, ConnectorInputs, ConnectorStatus } from "../connector-types";

/** Pause between two looks at Connect and the database, in milliseconds. */
const LOOK_EVERY_MS = 50;
/** After waiting so long, the pause between two looks is `LOOK_AT_LONG_EVERY_MS`. */
const LONG_MS = 15_000;
const LOOK_AT_LONG_EVERY_MS = 500;
/** How long Connect may still show a failure from before the repair, in milliseconds. */
const STALE_MS = 5000;
/**
 * How long Connect may show the old task as RUNNING after a change, in milliseconds. Longer where the database tells the two tasks apart
 * by their process.
 */
const SETTLE_MS = { told: 10_000, untold: 1500 };
/** A reader that fails comes back every few seconds. One that stays for so many milliseconds works on a backlog. */
const STEADY_MS = 2000;
/** The same for a task that had failed: it may read the change at once, and fail only when Kafka refuses the record. */
const RECOVERED_MS = 20_000;
/** Without a database: how long to wait for the first offsets, in milliseconds. */
const OFFSETS_MS = 15_000;

/** Waits until the worker has joined its group and serves requests: `GET /health`, or older Connects' front page. */
export async function waitForConnect(target: Target): Promise<void> {
  await poll(() => healthProbe(target), {
    what: `Kafka Connect at ${target.url}`,
    deadlineMs: target.until - Date.now(),
    intervalMs: LOOK_EVERY_MS,
    remedy: "Look at the Connect container's log, and whether connectUrl is right.",
  });
}

/** Waits until the worker answers at all, which it does a moment before it has joined its group. */
export async function waitForAnswer(target: Target): Promise<void> {
  await poll(
    async (): Promise<Probe<void>> => {
      const answer = await once(target, "GET", "/").catch(() => undefined);
      if (answer && isLasting(answer)) throw refused(target, "GET", "/", answer);
      const { status } = answer ?? {};
      return status === 200 ? { done: true, value: undefined } : { done: false, seen: String(status ?? "no answer") };
    },
    { what: `an answer from ${target.url}`, deadlineMs: target.until - Date.now(), intervalMs: LOOK_EVERY_MS },
  );
}

/** Whether the credentials are refused, or the address is another one: no waiting mends that. */
function isLasting(answer: RestAnswer): boolean {
  return answer.status === 401 || answer.status === 403 || elsewhereWords(answer) !== undefined;
}

async function healthProbe(target: Target): Promise<Probe<void>> {
  const brief = { ...target, until: Math.min(target.until, Date.now() + 12_000) };
  const asked = (path: string): Promise<RestAnswer | Error> => once(brief, "GET", path).catch((error: Error) => error);
  const health = await asked("/health");
  if (health instanceof Error) return { done: false, seen: health.message };
  if (health.status === 200) return { done: true, value: undefined };
  if (isLasting(health)) throw refused(target, "GET", "/health", health);
  if (health.status !== 404) return { done: false, seen: `${health.status}: ${messageOf(health.body)}` };
  const front = await asked("/connectors");
  if (front instanceof Error) return { done: false, seen: front.message };
  const serves = front.status === 200 && isConnectError(health.body);
  return serves ? { done: true, value: undefined } : { done: false, seen: `an answer ${front.status}, still starting` };
}

/**
 * Waits until the connector is in its wanted state. A RUNNING one of Debezium for Postgres must also have finished its snapshot and
 * begun to stream. There is no deadline while the snapshot's rows arrive.
 *
 * @param before the connector before the change: Connect may show its state and failures for a moment longer
 * @returns the status that ended the wait
 * @throws with the root cause when a part has failed
 */
export async function waitUntilReady(
  target: Target,
  inputs: ConnectorInputs,
  before: Before,
): Promise<ConnectorStatus> {
  const { database } = inputs;
  if (!database || !isPostgres(inputs.config)) return waited(target, inputs, before);
  return withSession(database, (ask) =>
    withStartWatch(ask, inputs, (watch) => waited(target, inputs, before, { ask, watch })),
  );
}

/** The sessions that look at the database. */
interface Looks {
  ask: Ask;
  watch: StartWatch;
}

async function waited(
  target: Target,
  inputs: ConnectorInputs,
  before: Before,
  looks?: Looks,
): Promise<ConnectorStatus> {
  const known = before.status ? failures(before.status).map(({ what, trace }) => what + trace) : [];
  const start = Date.now();
  const reader: Reader = { since: start };
  const look = async (): Promise<Probe<ConnectorStatus>> => {
    const status = await statusNow(target, inputs.connectorName);
    if (typeof status === "string") return { done: false, seen: status };
    const verdict = judge(status, inputs.state);
    if (verdict.is === "waiting") return { done: false, seen: verdict.seen };
    if (verdict.is === "ready") return streamProbe(target, inputs, status!, { ...before, start, seen: reader }, looks);
    const stale = known.includes(verdict.what + verdict.trace) && Date.now() - start < STALE_MS;
    if (stale) return { done: false, seen: `${verdict.what} still FAILED` };
    throw failure(inputs.connectorName, verdict.what, verdict.trace);
  };
  const watched = async (): Promise<Probe<ConnectorStatus>> => {
    const probe = await look();
    if (probe.done || !looks || inputs.state !== "RUNNING") return probe;
    const { words, mark, remedy } = await looks.watch();
    return { ...probe, mark, remedy, seen: words === undefined ? probe.seen : `${probe.seen}; ${words}` };
  };
  return poll<ConnectorStatus>(watched, {
    what: `connector ${inputs.connectorName} to be ${inputs.state}`,
    // A slow worker may have used up the time before. With 0 there is still one look.
    deadlineMs: Math.max(target.until - Date.now(), 0),
    intervalMs: (waitedMs) => (waitedMs < LONG_MS ? LOOK_EVERY_MS : LOOK_AT_LONG_EVERY_MS),
    remedy:
      "The Connect container's log says more. `pulumi up` goes on waiting; readyTimeoutSeconds says for how long.",
  });
}

/** The status, or why Connect did not give it: a worker that is away for a moment does not end the wait. */
async function statusNow(target: Target, name: string): Promise<ConnectorStatus | string | undefined> {
  return getStatus({ ...target, until: Date.now() + 10_000 }, name).catch((error: Error) => error.message);
}

/** Code of the error for a slot that nobody can read. */
export const UNDECODABLE = "UNDECODABLE";

function undecodable(slot: string, why: string): Error {
  return Object.assign(
    new Error(
      `Postgres cannot decode the log of replication slot ${slot} (${why}). ` +
        "snapshot.mode=when_needed has all rows read again by the next `pulumi up`, with a new slot.",
    ),
    { code: UNDECODABLE },
  );
}

/** The error for a part that has failed, with its root cause and the remedy. */
export function failure(name: string, what: string, trace: string): Error {
  return Object.assign(new Error(`Connector ${name}: ${what} FAILED. ${explain(trace)}`), { code: "FAILED" });
}

/** The database process that reads the slot, and since when it was seen, in milliseconds since the epoch. */
interface Reader {
  pid?: number;
  since: number;
  reads?: Reads;
}

type Since = Before & { start: number; seen: Reader };

async function streamProbe(
  target: Target,
  inputs: ConnectorInputs,
  status: ConnectorStatus,
  since: Since,
  looks: Looks | undefined,
): Promise<Probe<ConnectorStatus>> {
  const streams = inputs.state === "RUNNING" && isPostgres(inputs.config);
  const watched = streams && inputs.config["snapshot.mode"] !== "initial_only";
  const told = watched && looks !== undefined;
  const seen = told
    ? await seenInDatabase(looks.ask, inputs, since)
    : watched && (await seenInOffsets(target, inputs, since.start));
  if (seen) return { done: false, seen: `tasks RUNNING, ${seen}` };
  const settling = !told && since.restarts && inputs.state === "RUNNING" && Date.now() - since.start < SETTLE_MS.untold;
  return settling ? { done: false, seen: "tasks RUNNING, about to start again" } : { done: true, value: status };
}

async function seenInDatabase(ask: Ask, inputs: ConnectorInputs, since: Since): Promise<string | undefined> {
  const slot = slotOf(inputs.config);
  try {
    const state = await slotState(ask, slot);
    const reads = readsAfter(since.seen.reads, state);
    since.seen.reads = reads;
    const suspect = isSuspect(reads, state);
    const why = suspect ? await whyUndecodable(ask, slot, publicationOf(inputs.config)) : undefined;
    if (why !== undefined) throw undecodable(slot, why);
    const now = Date.now();
    if (state.pid !== since.seen.pid) Object.assign(since.seen, { pid: state.pid, since: now });
    const old = since.restarts && since.reader === state.pid && now - since.start < SETTLE_MS.told;
    const steadyMs = now - since.seen.since;
    return notStreaming(slot, state, old, steadyMs) ?? notPast(state, since.failedBefore, steadyMs);
  } catch (error) {
    if ((error as { code?: string }).code === UNDECODABLE) throw error;
    return `the database says: ${(error as Error).message}`;
  }
}

/**
 * Pure: why the slot does not show yet that changes flow; `undefined` when it does.
 *
 * @param old whether the slot is still read by the task from before the change
 * @param steadyMs how long its reader has been the same
 */
export function notStreaming(slot: string, state: SlotState, old: boolean, steadyMs: number): string | undefined {
  const { exists, active, reader, caughtUp, confirmed } = state;
  if (!exists) return `no slot ${slot} yet`;
  if (confirmed === undefined) return `slot ${slot} is being made`;
  if (!active) return `slot ${slot} not read yet: a snapshot is under way, or the task restarts again and again`;
  if (old) return `slot ${slot} still read for the old task`;
  if (reader !== "" && !/debezium/i.test(reader)) return `slot ${slot} is read by ${reader}, not by Debezium`;
  return caughtUp || steadyMs >= STEADY_MS ? undefined : `slot ${slot} has a reader that has not caught up yet`;
}

/**
 * Pure: why a task that had failed may fail again. `undefined` once the change that it failed on is safe in Kafka, or once the
 * same process has read the slot for so long that it must be past that change.
 *
 * @param failedBefore where the log ended when the task was started again; `undefined`: it had not failed
 */
export function notPast(
  { confirmed }: SlotState,
  failedBefore: bigint | undefined,
  steadyMs: number,
): string | undefined {
  if (failedBefore === undefined || steadyMs >= RECOVERED_MS) return undefined;
  return confirmed !== undefined && confirmed >= failedBefore ? undefined : "not yet past what it failed on";
}

async function seenInOffsets(target: Target, inputs: ConnectorInputs, start: number): Promise<string | undefined> {
  const answer = await once(target, "GET", connectorPath(inputs.connectorName, "/offsets")).catch(() => undefined);
  const snapshot = snapshotInOffsets(answer?.status === 200 ? answer.body : undefined);
  if (snapshot === "running") return "its offsets say that the snapshot is under way";
  return snapshot === "unknown" && Date.now() - start < OFFSETS_MS ? "no offsets yet" : undefined;
}
