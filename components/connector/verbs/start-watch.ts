import { teller } from "../../../program/dynamic/teller";
import { kafkaOf } from "../rest/access";
import { targetOf } from "../rest/rest";
import { topicsWrittenTo } from "../snapshot/arrivals";
import { withHoldLook } from "../slot/hold-look";
import type { Ask } from "../slot/connector-session";
import {
  followSnapshot,
  progressWords,
  type SnapshotProgress,
  type TableProgress,
} from "../snapshot/snapshot-progress";
import type { KafkaAddress } from "../../existing/kafka/kafka-access";
import type { ConnectorInputs } from "../connector-types";
import { countTopics, type TopicCounts } from "../snapshot/written";

/** What a look at a connector that is not ready yet has found. */
export interface Sight {
  words?: string;
  /** Changes whenever rows arrive. */
  mark?: string;
  remedy?: string;
}

/** Looks at the connector, and says in `pulumi up` what it finds. Never throws. */
export type StartWatch = () => Promise<Sight>;

/** Milliseconds before the first look, and the least between two looks; the most of the time that looks may take. */
const QUIET_MS = 2000;
const LEAST_PAUSE_MS = 1000;
const SHARE = 0.1;

/**
 * Watches why a start takes long: other transactions hold it up, or it reads a large snapshot.
 *
 * @param ask a session of the connector's role
 */
export async function withStartWatch<T>(
  ask: Ask,
  inputs: ConnectorInputs,
  work: (watch: StartWatch) => Promise<T>,
): Promise<T> {
  const kafka = kafkaOf(inputs);
  return withHoldLook(ask, inputs, async (held) => {
    const tell = teller();
    const counts = kafka === undefined ? undefined : lateCounts(kafka);
    let isOver = false;
    // A look that still runs when the start is over would open the session again.
    const askUntilOver: Ask = (question) => (isOver ? Promise.reject(new Error("the start is over")) : ask(question));
    const moved = rowsLook(askUntilOver, counts?.get, inputs);
    let wasHeld = false;
    let isWaitedFor = false;
    let rows: Sight = {};
    let next = Date.now() + QUIET_MS;
    let isLooking = false;
    /** Looks at the snapshot in the background: with hundreds of tables that takes seconds. */
    const lookOn = async (): Promise<void> => {
      isLooking = true;
      const began = Date.now();
      rows = await moved().catch(() => ({}));
      if (rows.words !== undefined && !isWaitedFor && !isOver) tell(`${rows.words}.`);
      next = Date.now() + Math.max(LEAST_PAUSE_MS, (Date.now() - began) / SHARE);
      isLooking = false;
    };

    const watch: StartWatch = async () => {
      const hold = await held();
      if (hold.words !== undefined) {
        tell(`${hold.words}.`, "held");
        wasHeld = true;
        return hold;
      }
      if (wasHeld) tell("What held it up has ended.", "free");
      wasHeld = false;
      if (!isLooking && Date.now() >= next) void lookOn();
      isWaitedFor = hold.waiting !== undefined;
      if (!isWaitedFor) return rows;
      const words = [rows.words, hold.waiting].filter((each) => each !== undefined).join("; ");
      tell(`${words}.`, "waited for");
      return { ...rows, words };
    };
    try {
      return await work(watch);
    } finally {
      isOver = true;
      await counts?.close();
    }
  });
}

/** A look at the rows of the snapshot, if one runs. */
function rowsLook(ask: Ask, counts: (() => Promise<TopicCounts>) | undefined, inputs: ConnectorInputs): StartWatch {
  const topics = (): Promise<string[]> => topicsWrittenTo(inputs, targetOf(inputs, "look at topics", 0));
  const progress: SnapshotProgress = followSnapshot(ask, counts, inputs, topics);
  let last: { at: number; tables: TableProgress[] } | undefined;
  return async () => {
    const found = await progress();
    if (!found) return {};
    const { tables, mark } = found;
    if (tables.length === 0) return { mark };
    const at = Date.now();
    const words = progressWords(tables, last?.tables ?? [], last ? (at - last.at) / 1000 : 0);
    last = { at, tables };
    return { words, mark };
  };
}

/** Topic counts that connect to Kafka at their first use: only a start that takes long needs them. */
function lateCounts(kafka: KafkaAddress): { get(): Promise<TopicCounts>; close(): Promise<void> } {
  let counts: TopicCounts | undefined;
  return {
    get: async () => (counts ??= await countTopics(kafka)),
    close: async () => counts?.close().catch(() => undefined),
  };
}
