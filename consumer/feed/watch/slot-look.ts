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
import type { ConnectSecurity } from "../../../components/existing/connect/connect-access";
import { failures, standsStill } from "../../../components/connector/rest/connector-status";
import type { ConnectorStatus, SourceDatabase } from "../../../components/connector/connector-types";
import { isNobody, requestConnect } from "../status/connect-request";
import type { SlotSight } from "./slot-watch";

/** A person who moves a slot by hand takes longer than this. */
const EVERY_MS = 1000;
/** A worker that has lost its offsets begins from nothing a second or two after it first answers. Only until then can that be seen. */
const SOON_MS = 200;
const CONNECT_MS = 2000;

export interface SlotLookOptions {
  database: SourceDatabase;
  slotName: string;
  publication: string;
  connectUrl: string;
  connectSecurity: ConnectSecurity;
  connectorName: string;
  /** Whether the topic was deleted in which Kafka Connect keeps its offsets. */
  offsetsGone(): boolean;
  observe(sight: SlotSight): void;
  /** Is called with the trace of a failed connector or task; undefined when none has failed. @returns whether to restart it */
  failed(trace: string | undefined): boolean;
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
  const [failure] = failures(known);
  const stored = asObject(offsets) === undefined ? unasked(alone, options) : readIn(offsets);
  observe({ slot, stored, stands: standsStill(known), alone, ...(undecodable !== undefined && { undecodable }) });
  if (failed(failure?.trace)) await answer("POST", `${path}/restart?includeTasks=true&onlyFailed=true`);
  return slot.exists && (alone || stored === null);
}

/** The answer when nobody listens at any of the workers. */
const NOBODY = Symbol("nobody");

/** Resolves with undefined for no answer, and for an error: Kafka Connect does not tell the offsets of a connector that was deleted. */
function answerOf(
  workers: string,
  security: ConnectSecurity,
): (method: "GET" | "POST", path: string) => Promise<unknown> {
  return async (method, path) => {
    try {
      const { status, body } = await requestConnect(method, workers, path, security, CONNECT_MS);
      return status < 300 ? (JSON.parse(body) as unknown) : undefined;
    } catch (error) {
      return isNobody(error) ? NOBODY : undefined;
    }
  };
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

function asObject(answered: unknown): object | undefined {
  return typeof answered === "object" && answered !== null ? answered : undefined;
}
