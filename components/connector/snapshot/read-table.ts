import { poll, type Pending, type Probe } from "../../poll";
import { teller } from "../../../program/dynamic/teller";
import { topicOf } from "../../names/topic-names";
import { getStatus } from "../rest/connect-api";
import type { Notification, NotificationReader } from "./notifications";
import type { HoldLook } from "../slot/hold-look";
import type { Target } from "../rest/rest";
import type { Ask } from "../slot/connector-session";
import { send, type SentSignal, type Signals } from "./signals";
import { besideSignal, snapshotSignals, type SnapshotSignal } from "./snapshot-signal";
import { tellEmptied } from "./emptied";
import { snapshotVerdict, type AskedTable, type SnapshotVerdict } from "./snapshot-verdict";
import { slotOf, slotState } from "../slot/source";
import { failures } from "../rest/connector-status";
import { countedLook, rowsOf, whyUnreadable, type TableLook } from "./table-look";
import type { ConnectorInputs } from "../connector-types";
import { failure } from "../verbs/wait";
import { recordsIn } from "./written";

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
const MOST_STARTS = 4;

/** Pause between two looks, in milliseconds: longer where a snapshot takes long. */
const lookEvery = (waitedMs: number): number => (waitedMs < 15_000 ? 100 : 500);

/** Polls until a snapshot is over. The deadline begins again with each progress. @param what names the tables and the kind of snapshot */
export function untilRead<T>(inputs: ConnectorInputs, what: string, probe: () => Promise<Probe<T>>): Promise<T> {
  return poll(probe, {
    what: `the existing rows of ${what}`,
    deadlineMs: inputs.readyTimeoutSeconds * 1000,
    intervalMs: lookEvery,
    remedy: "Nothing moves: the Connect container's log says more. The next `pulumi up` tries again.",
  });
}

/** Sends a signal, and follows its snapshot to the end. */
async function followed(
  reading: Reading,
  table: string,
  signal: SnapshotSignal,
  look: TableLook,
): Promise<Exclude<SnapshotVerdict, { is: "waiting" | "forgotten" }>> {
  const { reader, inputs, signals } = reading;
  const topic = topicOf(String(inputs.config["topic.prefix"]), table);
  const before = await reader.written(topic);
  const first = reader.told().length;
  const tell = teller();
  let { asked, sent } = await ask(reading, table, signal);

  const probe = async (): Promise<Probe<Exclude<SnapshotVerdict, { is: "waiting" | "forgotten" }>>> => {
    await rejectFailedTask(reading);
    const told = reader.told();
    const verdict = snapshotVerdict(asked, told);
    if (verdict.is === "read" || verdict.is === "failed") return { done: true, value: verdict };
    const starts = told.slice(first).filter(({ type }) => type === "SKIPPED").length;
    if (starts > MOST_STARTS) {
      const reason = `Kafka Connect was restarted ${starts} times meanwhile (out of memory?)`;
      return { done: true, value: { is: "failed", reason } };
    }
    if (verdict.is === "forgotten") {
      console.error(`${table}: Kafka Connect was restarted meanwhile, so its rows are read from the beginning.`);
      // Without a key nothing tells the rows apart from those that were read before the restart.
      if (!look.hasKey) await tellEmptied(inputs, [table], { streams: true });
      sent = await send(signals, signal);
      asked = { ...asked, id: sent.id, since: reader.told().length };
    }
    const rows = recordsIn((await reader.written(topic)) - before, inputs.config);
    const seen = await lookNow(reading, rows, look, sent);
    tell(`${table}: ${seen.seen}.`, seen.remedy === undefined ? undefined : "held");
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
  const sent = await send(reading.signals, signal);
  return { asked: { table, type: signal.type, id: sent.id, since }, sent };
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
): Promise<Pending> {
  const of = look.rows === undefined ? "" : ` of ${look.rows}`;
  return pendingAs(reading, `${rows}${of} rows read`, sent, rows);
}

/** The progress of a snapshot that runs, and what holds it up. @param rows 0: the snapshot may not have begun */
export async function pendingAs(
  { inputs, asRole, held, reader }: Reading,
  progress: string,
  sent: SentSignal | undefined,
  rows: number,
): Promise<Pending> {
  const slot = await slotState(asRole, slotOf(inputs.config)).catch(() => undefined);
  const behind = sent && slot?.confirmed !== undefined && slot.confirmed < sent.at ? sent.at - slot.confirmed : 0n;
  const waits = rows === 0 && behind > 0n ? `, ${Math.ceil(Number(behind) / 1e6)} MB of log are read before it` : "";
  const { words, remedy } = await held();
  const seen = `${progress}${waits}${words === undefined ? "" : `; ${words}`}`;
  return { done: false, seen, remedy, mark: `${rows} ${reader.told().length} ${behind}` };
}

/** @throws with the root cause when the connector or its task has failed. Does not throw while the worker does not answer. */
export async function rejectFailedTask({ target, inputs }: Reading): Promise<void> {
  const brief = { ...target, until: Date.now() + 2000 };
  const status = await getStatus(brief, inputs.connectorName).catch(() => undefined);
  const failed = status && failures(status)[0];
  if (failed) throw failure(inputs.connectorName, failed.what, failed.trace);
}
