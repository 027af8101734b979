import type * as pulumi from "@pulumi/pulumi";
import { isElsewhere, postedConfig } from "../rest/access";
import * as api from "../rest/connect-api";
import { needsPut } from "../connector-diff";
import { targetOf, type Target } from "../rest/rest";
import { ownSlot, checkSource } from "../slot/source-check";
import { canRead, namesEach, readAddedTables, tablesToRead, unreadText } from "../snapshot/added-tables";
import * as source from "../slot/source";
import { failures, judge } from "../rest/connector-status";
import type { Before, ConnectorInputs, ConnectorOutputs, ConnectorStatus } from "../connector-types";
import { askConnect } from "../rest/ask-connect";
import { type Asked, canLose, lossBefore } from "../slot/loss-look";
import {
  beginAnew,
  beginFirst,
  beginsAnew,
  createFresh,
  hasForgotten,
  isAnotherKafka,
  isAnotherLog,
  type ApplyProgress,
  rejectLoss,
  whenReady,
} from "./begin";
import { tellReadAnew } from "../snapshot/read-anew";
import { toldTables } from "../snapshot/emptied";
import { noteUnread, notedUnread } from "../snapshot/unread-note";
import { otherSlot, tellFormerSlot } from "./former-slot";
import { leaveFormer } from "./move";
import { outputsOf, partial } from "./outputs";
import { waitForAnswer, waitForConnect } from "./wait";
import { newLosses } from "./new-losses";

export async function create(inputs: ConnectorInputs): Promise<pulumi.dynamic.CreateResult<ConnectorOutputs>> {
  return { id: inputs.connectorName, outs: await upsert("create", inputs, undefined) };
}

export async function update(
  _id: string,
  olds: ConnectorOutputs,
  news: ConnectorInputs,
): Promise<pulumi.dynamic.UpdateResult<ConnectorOutputs>> {
  return { outs: await upsert("update", news, olds) };
}

/** How long a worker may take to answer the requests for the outputs, in milliseconds. */
const LAST_MS = 10_000;

async function upsert(verb: string, inputs: ConnectorInputs, olds?: ConnectorOutputs): Promise<ConnectorOutputs> {
  const operation = `${verb} connector ${inputs.connectorName}`;
  const target = targetOf(inputs, operation, Date.now() + inputs.readyTimeoutSeconds * 1000);
  // A worker can check a config while it still joins its group. `askConnect` remembers a config that it finds valid.
  const asked = waitForAnswer(target).then(() => askConnect(target, inputs, false));
  const ready = waitForConnect(target);
  // The database is asked while Connect starts, the rest while it checks the config. Connect's findings are reported first.
  const leaves = olds !== undefined && isElsewhere(olds, inputs);
  const sourced = Promise.all([ready, checkSource(inputs, operation)]);
  // A connector that leaves another Connect is stopped there only once this one would take it.
  const looked = leaves ? undefined : sourced.then(() => look(target, inputs, olds));
  for (const early of [sourced, looked]) early?.catch(() => undefined);
  await Promise.all([ready, asked.catch(() => undefined)]);
  await rejectInvalid(target, inputs);
  await sourced;
  if (leaves) await leaveFormer(target, inputs, olds);
  const found = await (looked ?? look(target, inputs, olds));
  const isTakenOver = olds === undefined && found.live !== undefined;
  const formerSlot = otherSlot(found.live, inputs);
  const progress: ApplyProgress = {
    formerSlot,
    isUnknown: olds === undefined || source.slotOf(olds.config) !== formerSlot,
    isAmid: found.anew || found.live === undefined,
    pendingSnapshots: await dueTables(inputs, olds, found),
  };
  if (isTakenOver) tellUnknownTables(inputs, found.live!);
  const isDue = progress.pendingSnapshots.length > 0;
  // The capture notes tables where the slot is there: also those that no snapshot reads, as with no_data.
  const mayBeNoted = isDue || found.slot?.exists === true;
  if (isDue) await noteUnread(inputs, progress.pendingSnapshots);
  const dueAndTold = (): Promise<string[]> => toldTables(inputs, canRead(inputs) ? progress.pendingSnapshots : []);
  let told = isTakenOver ? [] : await dueAndTold();
  try {
    const before = await bringAbout(target, inputs, olds, found, progress);
    progress.isAmid = false;
    progress.status = await whenReady(target, inputs, before, progress);
    if (progress.anew) await tellReadAnew(inputs);
    // A connector that was amid its first snapshot has begun it anew with the added tables: by now their topics have rows.
    if (isTakenOver) told = await dueAndTold();
    await tellFormerSlot(inputs, progress);
    await readDueTables(target, inputs, told, progress);
    // A snapshot may have taken hours, so the deadline may be over.
    return await outputsOf({ ...target, until: Math.max(target.until, Date.now() + LAST_MS) }, inputs, olds, progress);
  } catch (error) {
    throw await partial(target, inputs, olds, progress, error as Error);
  } finally {
    if (mayBeNoted) await noteUnread(inputs, progress.pendingSnapshots, progress.unreadable);
    await progress.letGo?.();
  }
}

/** The tables whose rows are to be read. Where there is no state to tell which ones an earlier apply has left, the database has a note of them. */
async function dueTables(
  inputs: ConnectorInputs,
  olds: ConnectorOutputs | undefined,
  { live }: Found,
): Promise<string[]> {
  if (!source.isPostgres(inputs.config)) return [];
  const due = tablesToRead(olds, inputs, live);
  if (olds !== undefined || live === undefined || inputs.config["snapshot.mode"] === "no_data") return due;
  const noted = await notedUnread(inputs);
  return [...new Set([...due, ...noted])].sort();
}

/** Says of a connector that is taken over which tables' rows may be unread, where its include list does not tell which tables it has. */
function tellUnknownTables(inputs: ConnectorInputs, live: Record<string, string>): void {
  const tables = source.namedTables(inputs.config);
  if (!source.isPostgres(inputs.config) || namesEach(live) || tables.length === 0) return;
  const list = live["table.include.list"];
  console.error(
    `Connector ${inputs.connectorName}: ${list === undefined ? "without a table.include.list" : `table.include.list "${list}"`} does not tell ` +
      `which tables it has had in Kafka Connect. Rows of ${tables.join(", ")} that it has not read stay unread. ` +
      "A table that is taken out of the list and added again is read.",
  );
}

/** The connector's config and slot before the apply. */
interface Found extends Asked {
  live?: Record<string, string>;
  slot?: source.SlotState;
  /** Lost changes that no earlier apply has repaired, as the program that watches the stack says it. */
  missed?: string;
  /** Whether offsets can no longer be used: see `beginsAnew` and `isAnotherLog`. */
  anew: boolean;
}

/** @throws when going on would leave out lost changes */
async function look(target: Target, inputs: ConnectorInputs, olds: ConnectorOutputs | undefined): Promise<Found> {
  const missed = newlyMissed(olds, inputs);
  const live = await api.getConfig(target, inputs.connectorName);
  const slot = await ownSlot(inputs, live !== undefined, target.until);
  const asked = live ? await lossBefore(target, inputs, false, source.slotOf(live)) : {};
  // With another publication, prefix or server all rows are read again, so nothing is lost: the capture has dropped the slot itself.
  const anew =
    live !== undefined &&
    (beginsAnew(live, postedConfig(inputs), slot) || isAnotherLog(olds, inputs, slot) || isAnotherKafka(olds, inputs));
  if (live && !anew) rejectLoss(inputs, target.operation, asked.lost ?? missed);
  return { live, slot, missed, anew, ...asked };
}

/** Connect's own check once more, now that role and database exist. @throws naming each bad field */
async function rejectInvalid(target: Target, inputs: ConnectorInputs): Promise<void> {
  const found = await askConnect(target, inputs, false);
  if (found.length === 0) return;
  const lines = found.map(({ property, reason }) => `${property}: ${reason}`);
  throw new Error(`${target.operation}: Kafka Connect refuses the config. ${lines.join("\n")}`);
}

/** Brings config and state in Connect to what is declared, and restarts what has failed. */
async function bringAbout(
  target: Target,
  inputs: ConnectorInputs,
  olds: ConnectorOutputs | undefined,
  found: Found,
  progress: ApplyProgress,
): Promise<Before> {
  const { connectorName: name, state } = inputs;
  const { live, slot, lost, missed, anew } = found;
  const config = postedConfig(inputs);
  if (!live) {
    await createFresh(target, inputs, config, slot, missed, progress);
    return { restarts: false };
  }
  const status = await api.getStatus(target, name);
  const isLost = lost !== undefined || missed !== undefined;
  // A connector that an apply has made and not started, or moved here amid its first snapshot, has a slot and no offset.
  const forgotten = slot !== undefined && isStopped(status) && hasForgotten(inputs, slot, found);
  if (source.isPostgres(inputs.config) && (isLost || anew || forgotten)) {
    await beginAnew(target, inputs, config, progress);
    return { status, reader: slot?.pid, restarts: true };
  }
  const put = needsPut(live, config, { ...olds?.config, ...olds?.secretConfig });
  if (put) await api.putConfig(target, name, config);
  if (isUnbegun(found, status)) await beginFirst(target, inputs, progress);
  else if (status && status.connector.state !== state) await api.setState(target, name, state);
  const renewed = olds !== undefined && olds.secretsVersion !== inputs.secretsVersion;
  const broken = status !== undefined && failures(status).length > 0;
  // A new worker shows tasks as RUNNING that had failed in the old one.
  const failedLast = olds?.state === "FAILED";
  // A changed config restarts the tasks by itself, failed ones too. A further restart would end a snapshot that has just begun. Debezium
  // would then go on from the stored offset, behind the snapshot, and its rows would be lost.
  if (state === "RUNNING" && !put && (broken || renewed)) await api.restart(target, name, !renewed);
  return {
    status,
    reader: slot?.pid,
    restarts: put || renewed,
    failedBefore: broken || failedLast ? slot?.written : undefined,
  };
}

/** Whether the connector stands before its first start, as where an apply was killed that had just made it. */
function isUnbegun({ slot, stored }: Found, status: ConnectorStatus | undefined): boolean {
  return slot?.exists === false && stored === null && isStopped(status);
}

function isStopped(status: ConnectorStatus | undefined): boolean {
  return status !== undefined && judge(status, "STOPPED").is === "ready";
}

/** The loss that the inputs tell of, where no earlier apply has repaired it. */
function newlyMissed(olds: ConnectorOutputs | undefined, inputs: ConnectorInputs): string | undefined {
  return canLose(inputs) ? newLosses(olds?.missed, inputs.missed) : undefined;
}

/** Has the due tables read. A table that could not be read stays due; so do all tables while the connector is not RUNNING. */
async function readDueTables(
  target: Target,
  inputs: ConnectorInputs,
  told: readonly string[],
  progress: ApplyProgress,
): Promise<void> {
  const due = [...progress.pendingSnapshots];
  if (due.length === 0 || inputs.state !== "RUNNING") return;
  if (!canRead(inputs)) {
    console.error(unreadText(inputs, due));
    progress.pendingSnapshots = [];
    progress.unreadable = due;
    return;
  }
  await readAddedTables(target, inputs, due, told, (table) => {
    progress.pendingSnapshots = progress.pendingSnapshots.filter((each) => each !== table);
  });
}
