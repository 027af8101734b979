import { poll, type Pending, type Probe } from "../../poll";
import { teller } from "../../../program/dynamic/teller";
import { getStatus } from "../rest/connect-api";
import { countArrivals } from "./arrivals";
import { copying } from "./moving";
import type { Notification, NotificationReader } from "./notifications";
import type { HoldLook } from "../slot/hold-look";
import type { Target } from "../rest/rest";
import type { Ask } from "../slot/connector-session";
import { send, type SentSignal, type SignalNote, type Signals } from "./signals";
import { besideSignal, snapshotSignals, type SnapshotSignal } from "./snapshot-signal";
import { tellEmptied } from "./emptied";
import { snapshotVerdict, type AskedTable, type SnapshotVerdict } from "./snapshot-verdict";
import { slotOf, slotState } from "../slot/source";
import { failures } from "../rest/connector-status";
import { countedLook, rowsOf, whyUnreadable, type TableLook } from "./table-look";
import type { ConnectorInputs } from "../connector-types";
import { failure } from "../verbs/wait";
import { isTransformed, onNotifications } from "./transforms";

/** What it takes to have a table read. */
export interface Reading {
  target: Target;
  inputs: ConnectorInputs;
  signals: Signals;
  /** A session of the connector's role. */
  asRole: Ask;
  held: HoldLook;
  reader: NotificationReader;
  /** Signals that an earlier apply has left in the signal table. */
  left: { id: string; data: string }[];
}

/** The table and its row count in words, or why the table was not read. */
export type TableOutcome = { said: string } | { reason: string };

/** Has one table read by the first signal that fits it. Where Debezium gives that up, by the next. */
export async function readTable(reading: Reading, table: string, seen: TableLook): Promise<TableOutcome> {
  const { database } = reading.signals;
  const look = await countedLook(database, table, seen);
  let reason = "";
  for (const signal of snapshotSignals(table, look)) {
    const verdict = await followed(reading, table, signal, look);
    if (verdict.is === "read") return { said: await compared(reading, table, look, verdict) };
    reason = verdict.reason;
  }
  const said = await whyUnreadable(database, table);
  return { reason: said ? `${said}.` : `${reason}. Why is in the log of Kafka Connect.` };
}

/** The table with the rows that were read; also with the rows that it holds, where that is known and differs. */
export async function compared(
  { signals }: Reading,
  table: string,
  look: TableLook,
  { rows, whole }: { rows: number; whole: boolean },
): Promise<string> {
  // Rows that were written meanwhile come through the stream, so they are no difference.
  const now = whole && look.rows !== rows ? await rowsOf(signals.database, table) : rows;
  if (!whole) return `${table} (in parts, because its task was restarted)`;
  return now === rows || now === undefined
    ? `${table} (${rows})`
    : `${table} (${rows}; it held ${look.rows ?? "?"} before and holds ${now} now)`;
}

/** So many starts of the task end the attempt. A table that crashes the worker would otherwise crash it for ever. */
export const MOST_STARTS = 4;

/** Pause between two looks, in milliseconds: longer where a snapshot takes long. */
const lookEvery = (waitedMs: number): number => (waitedMs < 15_000 ? 100 : 500);

/** Polls until a snapshot is over. The deadline begins again with each progress. @param what names the tables and the kind of snapshot */
export function untilRead<T>(inputs: ConnectorInputs, what: string, probe: () => Promise<Probe<T>>): Promise<T> {
  return poll(probe, {
    what: `the existing rows of ${what}`,
    deadlineMs: inputs.readyTimeoutSeconds * 1000,
    intervalMs: lookEvery,
    remedy: stillRemedy(inputs),
  });
}

/** Pure: what to do where nothing moves. */
export function stillRemedy({ config }: Pick<ConnectorInputs, "config">): string {
  const also = onNotifications(config);
  const taken =
    also.length === 0
      ? ""
      : `Debezium says in ${config["notification.sink.topic.name"]} how it goes, and ${also.join(", ")} of \`transforms\` may get those records too: ` +
        "let the predicate leave them out. ";
  return `Nothing moves: the Connect container's log says more. ${taken}The next \`pulumi up\` goes on with the snapshot, or asks for another.`;
}

/** Sends a signal, and follows its snapshot to the end. */
async function followed(
  reading: Reading,
  table: string,
  signal: SnapshotSignal,
  look: TableLook,
): Promise<Exclude<SnapshotVerdict, { is: "waiting" | "forgotten" }>> {
  const { reader, inputs, signals } = reading;
  const arrived = await countArrivals(reading.target, inputs, [table], reader);
  const first = reader.told().length;
  const tell = teller();
  let { asked, sent } = await ask(reading, table, signal);

  const probe = async (): Promise<Probe<Exclude<SnapshotVerdict, { is: "waiting" | "forgotten" }>>> => {
    await rejectFailedTask(reading);
    const verdict = snapshotVerdict(asked, reader.told());
    if (verdict.is === "read" || verdict.is === "failed") return { done: true, value: verdict };
    const starts = startsSince(reading, first);
    if (starts > MOST_STARTS) {
      const reason = `Kafka Connect was restarted ${starts} times meanwhile (out of memory?)`;
      return { done: true, value: { is: "failed", reason } };
    }
    if (verdict.is === "forgotten" && (await isBehind(reading, sent))) return pendingAs(reading, "restarted", sent, 0);
    if (verdict.is === "forgotten") {
      console.error(`${table}: Kafka Connect was restarted meanwhile, so its rows are read from the beginning.`);
      // Without a key nothing tells the rows apart from those that were read before the restart.
      if (!look.hasKey) await tellEmptied(inputs, [table], { streams: true });
      sent = await send(signals, signal, noteOf(reading, [table]));
      asked = { ...asked, id: sent.id, since: reader.told().length };
    }
    const seen = await lookNow(reading, await arrived(), look, sent);
    tell(`${table}: ${seen.seen}.`, seen.kind);
    return seen;
  };
  return untilRead(inputs, `${table} to be read (${signal.type} snapshot)`, probe);
}

/** Sends the signal, unless the snapshot that an earlier apply has asked for still runs: then the table is not read twice. */
async function ask(
  reading: Reading,
  table: string,
  signal: SnapshotSignal,
): Promise<{ asked: AskedTable; sent?: SentSignal }> {
  const asked = askedBefore(reading, table, signal);
  if (asked) return { asked };
  const since = reading.reader.told().length;
  const sent = await send(reading.signals, signal, signal.type === "blocking" ? noteOf(reading, [table]) : undefined);
  return { asked: { table, type: signal.type, id: sent.id, since }, sent };
}

/** What the next apply has to know about a blocking snapshot. */
export function noteOf({ reader, inputs }: Reading, tables: readonly string[]): SignalNote {
  const ids = tables.flatMap((table): [string, string][] => {
    const id = inputs.tableIds?.[table];
    return id === undefined ? [] : [[table, id]];
  });
  return { after: reader.end(), ids: Object.fromEntries(ids) };
}

/** Whether the connector may still have to read a signal: a task that starts again reads it once more, unless it begins behind it. */
export async function isBehind(reading: Reading, sent: SentSignal | undefined): Promise<boolean> {
  return sent !== undefined && (await bytesBehind(reading, sent)) !== 0n;
}

/** How much log the connector has to read before a signal, in bytes; undefined: not known. */
async function bytesBehind({ asRole, inputs }: Reading, { at }: SentSignal): Promise<bigint | undefined> {
  const slot = await slotState(asRole, slotOf(inputs.config)).catch(() => undefined);
  if (slot?.confirmed === undefined) return undefined;
  return slot.confirmed < at ? at - slot.confirmed : 0n;
}

/** How often the task has started since so many notifications. */
export function startsSince({ reader }: Reading, since: number): number {
  return reader.told().filter(({ type }, at) => at >= since && type === "SKIPPED").length;
}

/** The running snapshot that an earlier apply has asked for, if any. */
function askedBefore({ reader, left }: Reading, table: string, signal: SnapshotSignal): AskedTable | undefined {
  const { type } = signal;
  const told = reader.told();
  const earlier = left.filter(({ data }) => data === JSON.stringify(signal)).map(({ id }) => ({ table, type, id }));
  const found = earlier.map((each) => ({ ...each, since: told.findIndex(({ id }) => id === each.id) }));
  return found.find((each) => each.since >= 0 && isGoingOn(each, told));
}

/** Whether an incremental snapshot of the table, from an earlier apply, still runs: some of its rows are in the topic by now. */
export function isBeingRead(reading: Reading, table: string): boolean {
  const signal = besideSignal(table);
  return signal !== undefined && askedBefore(reading, table, signal) !== undefined;
}

/** Whether the snapshot still runs. One that a restart of the task has interrupted does not count: the new task may have been without the table. */
function isGoingOn(asked: AskedTable, told: readonly Notification[]): boolean {
  return (
    snapshotVerdict(asked, told).is === "waiting" && !told.slice(asked.since).some(({ type }) => type === "SKIPPED")
  );
}

async function lookNow(
  reading: Reading,
  rows: number,
  look: TableLook,
  sent: SentSignal | undefined,
): Promise<Waiting> {
  const held = look.rows === undefined ? "" : `, of a table with ${look.rows} rows`;
  const of = look.rows === undefined ? "" : ` of ${look.rows}`;
  const words = isTransformed(reading.inputs.config)
    ? `${rows} records written, as transforms let them through${held}`
    : `${rows}${of} rows read`;
  return pendingAs(reading, words, sent, rows);
}

/** `kind`: a line of another kind than the last is printed at once. */
export interface Waiting extends Pending {
  kind?: string;
}

/** The progress of a snapshot that runs, and what holds it up. @param rows 0: the snapshot may not have begun */
export async function pendingAs(
  reading: Reading,
  progress: string,
  sent: SentSignal | undefined,
  rows: number,
): Promise<Waiting> {
  const { inputs, asRole, held, reader } = reading;
  const behind = (sent && (await bytesBehind(reading, sent))) ?? 0n;
  const waits = rows === 0 && behind > 0n ? `, ${Math.ceil(Number(behind) / 1e6)} MB of log are read before it` : "";
  const { words, remedy, waiting } = await held();
  // Records may go where nobody counts them, so the database is asked as well whether rows move.
  const copy = await copying(asRole, inputs).catch(() => undefined);
  const seen = [`${progress}${waits}`, words, waiting].filter((each) => each !== undefined).join("; ");
  const kind = words === undefined ? waiting && "waited for" : "held";
  return { done: false, seen, remedy, kind, mark: `${rows} ${reader.told().length} ${behind} ${copy?.mark ?? ""}` };
}

/** @throws with the root cause when the connector or its task has failed. Does not throw while the worker does not answer. */
export async function rejectFailedTask({ target, inputs }: Reading): Promise<void> {
  const brief = { ...target, until: Date.now() + 2000 };
  const status = await getStatus(brief, inputs.connectorName).catch(() => undefined);
  const failed = status && failures(status)[0];
  if (failed) throw failure(inputs.connectorName, failed.what, failed.trace);
}
