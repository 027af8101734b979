/** Looks at the connector's replication slot, of which the stream says nothing, and at what keeps the connector from reading it. */
import { setTimeout as sleep } from "node:timers/promises";
import { connectorPath } from "../../../components/connector/rest/connect-api";
import { withSession } from "../../../components/connector/slot/connector-session";
import { isSuspect, type Reads, readsAfter, whyUndecodable } from "../../../components/connector/slot/decoding";
import {
  isAmidFirstSnapshot,
  type SlotState,
  slotState,
  storedPosition,
} from "../../../components/connector/slot/source";
import { standsStill } from "../../../components/connector/rest/connector-status";
import type { ConnectorStatus, SourceDatabase } from "../../../components/connector/connector-types";
import type { SlotSight } from "./slot-watch";
import { type TaskLookOptions, answerOf, asObject, NOBODY, restartFailed } from "./task-look";

/** A person who moves a slot by hand takes longer than this. */
const EVERY_MS = 1000;
/** A worker that has lost its offsets begins from nothing a second or two after it first answers. Only until then can that be seen. */
const SOON_MS = 200;

export interface SlotLookOptions extends TaskLookOptions {
  database: SourceDatabase;
  slotName: string;
  publication: string;
  /** Whether the topic was deleted in which Kafka Connect keeps its offsets. */
  offsetsGone(): boolean;
  observe(sight: SlotSight): void;
}

/** Runs for as long as the process lives. A database that does not answer says nothing about its slot. */
export async function watchSlot(options: SlotLookOptions): Promise<never> {
  const limits = { connectionTimeoutMillis: 5000, query_timeout: 5000, application_name: "cdc consumer" };
  return withSession({ ...options.database, ...limits }, async (ask) => {
    let reads: Reads | undefined;
    for (;;) {
      let wait = EVERY_MS;
      const slot = await slotState(ask, options.slotName).catch(() => undefined);
      if (slot !== undefined) {
        reads = readsAfter(reads, slot);
        const suspect = isSuspect(reads, slot);
        const undecodable = suspect ? await whyUndecodable(ask, options.slotName, options.publication) : undefined;
        // It is asked again after as many further failures.
        if (suspect) reads = { ...reads, failed: 0 };
        if (await look(slot, undecodable, options)) wait = SOON_MS;
      }
      await sleep(wait);
    }
  });
}

/** @returns whether to look again soon: there is no Kafka Connect, or it has no offset */
export async function look(
  slot: SlotState,
  undecodable: string | undefined,
  options: SlotLookOptions,
): Promise<boolean> {
  const { connectUrl, connectorName, observe, failed } = options;
  const answer = answerOf(connectUrl, options.connectSecurity);
  // A slot that is being read cannot be dropped or moved.
  if (slot.active) {
    observe({ slot, stored: undefined, stands: false, alone: false });
    failed(undefined);
    return false;
  }
  const path = connectorPath(connectorName);
  const status = await answer("GET", `${path}/status`);
  const alone = status === NOBODY;
  // A worker that has just started delays requests for offsets. It answers them all at once, long after this side has given up on them. A worker that
  // writes in transactions makes clients of its own for each. Such a worker has no status yet, so offsets are asked for only after a status.
  const offsets = asObject(status) === undefined ? undefined : await answer("GET", `${path}/offsets`);
  const known = (asObject(status) ?? { connector: { state: "RUNNING" }, tasks: [] }) as ConnectorStatus;
  const stored = asObject(offsets) === undefined ? unasked(alone, options) : readIn(offsets);
  observe({ slot, stored, stands: standsStill(known), alone, ...(undecodable !== undefined && { undecodable }) });
  await restartFailed(known, answer, options);
  return slot.exists && (alone || stored === null);
}

/**
 * The offset where Kafka Connect gives none. Without a worker, a deleted topic means that there is no offset: a worker that starts would take many
 * seconds to say so. A worker that runs still knows the offsets of a topic that was deleted.
 */
function unasked(alone: boolean, { offsetsGone }: SlotLookOptions): null | undefined {
  return alone && offsetsGone() ? null : undefined;
}

/** During the first snapshot, which may take hours, the connector has no offset to go on from. */
function readIn(offsets: unknown): number | null {
  return isAmidFirstSnapshot(offsets) ? null : storedPosition(offsets);
}
