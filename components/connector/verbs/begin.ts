/** How a connector begins: as a new one, or from the start when its offsets can no longer be used. */
import { isElsewhereNamed } from "../../database/address";
import { postedConfig } from "../rest/access";
import * as api from "../rest/connect-api";
import { hasAnother } from "../connector-diff";
import type { Target } from "../rest/rest";
import { namedTables, type SlotState } from "../slot/source";
import type { Before, ConnectorInputs, ConnectorStatus } from "../connector-types";
import { type Asked, lossBefore, readsAgain, readsRows, refusal } from "../slot/loss-look";
import { holdTables } from "../slot/hold-tables";
import { tellBefore } from "../snapshot/emptied";
import { clearTheGround } from "../snapshot/read-anew";
import { UNDECODABLE, waitUntilReady } from "./wait";

/** What an apply has done so far and still has to do. */
export interface ApplyProgress {
  pendingSnapshots: string[];
  /** Tables whose rows were due, and which this connector never reads by itself. */
  unreadable?: readonly string[];
  /** All rows are read again. */
  anew?: boolean;
  /** Offsets that can no longer be used are not forgotten yet. */
  isAmid?: boolean;
  /** The slot is the connector's first: making it again loses nothing. */
  isFirst?: boolean;
  /** The slot that the connector has read so far, where its config names another one now. */
  formerSlot?: string;
  /** Whether that slot is not the one of the last apply, and so may be another stack's. Then it stays. */
  isUnknown?: boolean;
  /** Releases the locks on the tables that nobody may alter while the slot is made. */
  letGo?: () => Promise<void>;
  status?: ConnectorStatus;
}

/** How often a slot that cannot be decoded is made again in one apply. */
const SLOTS = 3;

/** Waits until the connector is ready. A slot that Postgres cannot decode is made again, where all rows are read again anyway. */
export async function whenReady(
  target: Target,
  inputs: ConnectorInputs,
  before: Before,
  progress: ApplyProgress,
): Promise<ConnectorStatus> {
  for (let left = SLOTS; ; left--) {
    try {
      return await waitUntilReady(target, inputs, before);
    } catch (error) {
      const isMendable = progress.anew === true || progress.isFirst === true || readsAgain(inputs.config);
      if ((error as { code?: string }).code !== UNDECODABLE || !isMendable || left <= 1) throw error;
      console.error(`Connector ${inputs.connectorName}: ${(error as Error).message.split(". ")[0]}. It is made again.`);
      await beginAnew(target, inputs, postedConfig(inputs), progress);
    }
  }
}

/** @throws where changes are lost and the config does not have all rows read again */
export function rejectLoss({ config }: ConnectorInputs, operation: string, lost: string | undefined): void {
  if (lost !== undefined && !readsAgain(config)) throw new Error(`${operation}: ${refusal(lost)}`);
}

/**
 * Creates the connector. Offsets outlive a deleted connector. Where the slot is gone or was moved on, Debezium would fail on old offsets,
 * or silently go on from a later position. So the offsets are looked at before the connector starts.
 *
 * @param missed changes that were lost, and not repaired by an earlier apply, as a sentence
 */
export async function createFresh(
  target: Target,
  inputs: ConnectorInputs,
  config: Record<string, string>,
  slot: SlotState | undefined,
  missed: string | undefined,
  progress: ApplyProgress,
): Promise<void> {
  const { connectorName: name, state } = inputs;
  if (slot === undefined) return api.createConnector(target, name, config, state);
  await api.createConnector(target, name, config, "STOPPED");
  const asked = await lossBefore(target, inputs, true);
  const lost = asked.lost ?? (slot.exists || readsRows(inputs.config) ? missed : undefined);
  if (slot.exists) rejectLoss(inputs, target.operation, lost);
  if (lost !== undefined || hasForgotten(inputs, slot, asked)) return beginAnew(target, inputs, config, progress);
  if (!slot.exists) return beginFirst(target, inputs, progress);
  if (state !== "STOPPED") await api.setState(target, name, state);
}

/** Starts a stopped connector that has neither slot nor offsets: it begins with a first snapshot of all rows. */
export async function beginFirst(target: Target, inputs: ConnectorInputs, progress: ApplyProgress): Promise<void> {
  const { connectorName: name, state } = inputs;
  progress.isFirst = true;
  progress.pendingSnapshots = [];
  if (readsRows(inputs.config)) await tellBefore(inputs, namedTables(inputs.config));
  await api.resetOffsets(target, name);
  progress.letGo = await holdTables(inputs);
  if (state !== "STOPPED") await api.setState(target, name, state);
}

/**
 * Whether there is a slot but no offset, as when Kafka's volume is lost. Debezium would take a snapshot and then read what the slot still
 * holds: newer versions of rows would come before older ones. With a snapshot mode that reads no rows, Debezium goes on with what the slot
 * holds, which is right.
 */
export function hasForgotten(inputs: ConnectorInputs, slot: SlotState, { stored }: Asked): boolean {
  return slot.exists && readsRows(inputs.config) && inputs.state === "RUNNING" && stored === null;
}

/**
 * Whether the offsets can no longer be used. Under another publication the capture has dropped the slot, and Debezium would
 * fail on the old offsets. Connect keeps offsets by `topic.prefix`: a connector that returns to an earlier prefix would go on where
 * it stopped under that prefix, and its topics would lack the changes that went to the other prefix.
 */
export function beginsAnew(
  live: Record<string, string>,
  wanted: Record<string, string>,
  slot: SlotState | undefined,
): boolean {
  return (
    hasAnother("topic.prefix", live, wanted) || (hasAnother("publication.name", live, wanted) && slot?.exists === false)
  );
}

type Source = Pick<ConnectorInputs, "database" | "captureId">;

/** Whether the database has another address. It may be the same database under another name. */
export function isReaddressed(olds: Partial<Source> | undefined, { database: now }: Source): boolean {
  const before = olds?.database;
  return before !== undefined && now !== undefined && isElsewhereNamed(before, now);
}

/** Whether offsets are of another server's log. A capture that was made anew tells it, or that there is no slot where an id is missing. */
export function isAnotherLog(olds: Source | undefined, news: Source, slot: SlotState | undefined): boolean {
  if (!isReaddressed(olds, news)) return false;
  if (olds?.captureId === undefined || news.captureId === undefined) return slot?.exists === false;
  return olds.captureId !== news.captureId;
}

type Written = Pick<ConnectorInputs, "config" | "kafkaCluster">;

/**
 * Whether offsets and records are in another Kafka than that of the last apply. A Connect there may have offsets of an earlier time. Where no
 * row is read, the connector goes on with what the slot holds.
 */
export function isAnotherKafka(olds: Partial<Written> | undefined, news: Written): boolean {
  const [before, now] = [olds?.kafkaCluster, news.kafkaCluster];
  return before !== undefined && now !== undefined && before !== now && readsRows(news.config);
}

/**
 * Stops the connector, clears slot and topics, resets its offsets and changes its config. It then starts with a first snapshot.
 *
 * The offsets go last: until then they tell, beside a slot that is gone, that changes are lost. An apply that fails or is killed here leaves
 * that to the next one, which begins anew again.
 */
export async function beginAnew(
  target: Target,
  inputs: ConnectorInputs,
  config: Record<string, string>,
  progress: ApplyProgress,
): Promise<void> {
  const { connectorName: name, state, database } = inputs;
  progress.pendingSnapshots = [];
  progress.isAmid = true;
  await api.setState(target, name, "STOPPED");
  const isKept = inputs.keepSlot || progress.isUnknown === true;
  if (database) await clearTheGround(inputs, isKept ? undefined : progress.formerSlot);
  await api.resetOffsets(target, name);
  await api.putConfig(target, name, config);
  progress.isAmid = false;
  if (database) {
    await progress.letGo?.();
    progress.letGo = await holdTables(inputs);
  }
  progress.anew = database !== undefined && state === "RUNNING";
  if (state !== "STOPPED") await api.setState(target, name, state);
}
