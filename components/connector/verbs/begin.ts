/** How a connector begins: with no slot, where it is new, or anew, where what it has read is of no use any more. */
import { postedConfig } from "../rest/access";
import * as api from "../rest/connect-api";
import { hasAnother } from "../connector-diff";
import type { Target } from "../rest/rest";
import { type SlotState, storedPosition } from "../slot/source";
import type { Before, ConnectorInputs, ConnectorStatus } from "../connector-types";
import { lossOfStopped, readsAgain, readsRows, refusal } from "../slot/loss-look";
import { holdTables } from "../slot/hold-tables";
import { clearTheGround } from "../snapshot/read-anew";
import { UNDECODABLE, waitUntilReady } from "./wait";

/** What this apply has found and still has to do. */
export interface ApplyProgress {
  pendingSnapshots: string[];
  /** All rows are told again, since changes were lost. */
  anew?: boolean;
  /** It has read nothing before: nobody misses what a first slot has seen. */
  isFirst?: boolean;
  /** Lets go of the tables that nobody may alter while the slot is made. */
  letGo?: () => Promise<void>;
  status?: ConnectorStatus;
}

/** How often a slot that cannot be decoded is made again in one apply. */
const SLOTS = 3;

/** A slot that was made at a bad moment is made again, where all rows are read again anyway. */
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

export function rejectLoss({ config }: ConnectorInputs, operation: string, lost: string | undefined): void {
  if (lost !== undefined && !readsAgain(config)) throw new Error(`${operation}: ${refusal(lost)}`);
}

/**
 * Creates it. Offsets outlive a deleted connector; where the slot is gone or was moved on, Debezium would fail on them, or go on
 * from somewhere later without a word. So they are looked at before it starts.
 */
export async function createFresh(
  target: Target,
  inputs: ConnectorInputs,
  config: Record<string, string>,
  slot: SlotState | undefined,
  progress: ApplyProgress,
): Promise<void> {
  const { connectorName: name, state } = inputs;
  if (slot === undefined) return api.createConnector(target, name, config, state);
  await api.createConnector(target, name, config, "STOPPED");
  const lost = await lossOfStopped(target, inputs);
  if (slot.exists) rejectLoss(inputs, target.operation, lost);
  if (lost !== undefined || (await hasForgotten(target, inputs, slot)))
    return beginAnew(target, inputs, config, progress);
  progress.isFirst = !slot.exists;
  if (!slot.exists) {
    progress.pendingSnapshots = [];
    progress.letGo = await holdTables(inputs);
    await api.resetOffsets(target, name);
  }
  if (state !== "STOPPED") await api.setState(target, name, state);
}

/**
 * Whether a slot was read that no offset goes on from, as when Kafka's volume is lost. Debezium would take its snapshot beside it: rows whose DELETE the slot still holds
 * would stay in the topics, and newer versions be told before older ones. Where it reads no rows it goes on with what the slot holds.
 */
async function hasForgotten(target: Target, inputs: ConnectorInputs, slot: SlotState): Promise<boolean> {
  if (!slot.exists || !readsRows(inputs.config) || inputs.state !== "RUNNING") return false;
  return storedPosition({ offsets: await api.getOffsets(target, inputs.connectorName) }) === null;
}

/**
 * Whether the offsets are of no use any more. Under another publication the capture has dropped the slot, and Debezium would
 * fail on offsets from before. Connect keeps offsets by `topic.prefix`: a connector that returns to an earlier prefix would go on where
 * that one ended, and its topics would lack the changes that were written under the other prefix.
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

/** Changes it while it is stopped and has no offsets: it takes its snapshot as when it was new. */
export async function beginAnew(
  target: Target,
  inputs: ConnectorInputs,
  config: Record<string, string>,
  progress: ApplyProgress,
): Promise<void> {
  const { connectorName: name, state, database } = inputs;
  progress.pendingSnapshots = [];
  await api.setState(target, name, "STOPPED");
  await api.resetOffsets(target, name);
  await api.putConfig(target, name, config);
  if (database) {
    await clearTheGround(inputs);
    await progress.letGo?.();
    progress.letGo = await holdTables(inputs);
  }
  progress.anew = database !== undefined && state === "RUNNING";
  if (state !== "STOPPED") await api.setState(target, name, state);
}
