/** A delivery without a broker and without a real clock. It records all events in order. */
import { beforeEach } from "@jest/globals";
import type { Change, RawMessage } from "../../../consumer/change/change-event";
import { AtHand } from "../../../consumer/delivery/crash/at-hand";
import type { BatchControl } from "../../../consumer/delivery/batch";
import type { RecordFailure } from "../../../consumer/delivery/dead-letter";
import { type CommonOptions, Delivery, type DeliveryOptions } from "../../../consumer/delivery/delivery";
import { Duplicates } from "../../../consumer/delivery/crash/duplicates";
import { Failing } from "../../../consumer/delivery/failing";
import type { Handler } from "../../../consumer/delivery/handler";
import type { DeliveryObserver } from "../../../consumer/delivery/observer";
import { forgetful } from "../../../consumer/delivery/crash/offset-file";
import { createLog } from "../../../consumer/log";
import { ALEX, COMMITTED_AT, TOPIC, envelope, record } from "../records";

/** All events. */
export const events: string[] = [];
/** Pauses, in ms. */
export const waits: number[] = [];
export const buried: { offset: string; failure: RecordFailure }[] = [];
export const lines: string[] = [];
/** What the log has of attempts that failed. */
export const failures: string[] = [];
/** The present time in µs. */
export const clock = { micros: 0 };

beforeEach(() => {
  for (const list of [events, waits, buried, lines, failures]) list.length = 0;
  clock.micros = COMMITTED_AT + 5300;
});

export const create = (id: number): RawMessage =>
  record({ id }, envelope("c", null, { ...ALEX, id }, { commit_lsn: id }), String(id));
export const unreadable = (id: number): RawMessage => record(null, "garbage", String(id));
export const tombstone = (id: number): RawMessage => record({ id }, null, String(id));
export const idOf = (change: Change) => Number(change.key?.["id"]);

export const observer: DeliveryObserver = {
  batch: () => undefined,
  batchDone: (_topic, _partition, done) => events.push(`batch done at ${done}`),
  change: (_change, _observation, json) => events.push(`observed ${idOf(JSON.parse(json) as Change)}`),
  settled: () => undefined,
  unprinted: ({ op }) => events.push(op),
  retry: () => events.push("retry"),
  deadLetter: (_topic, stage) => events.push(`dead letter: ${stage}`),
};

/** Options of all ways of delivery. */
export function commonOptions(): CommonOptions {
  return {
    deadLetters: {
      topic: "dead",
      send: async (origin, _message, failure) => void buried.push({ offset: origin.offset, failure }),
    },
    duplicates: new Duplicates({ store: forgetful, report: () => undefined }),
    observer,
    atHand: new AtHand(() => 0),
    failing: new Failing({ log: { warn: (message) => failures.push(message) }, attempts: 3, now: () => 0 }),
    log: createLog(
      "json",
      (text) => {
        lines.push(...text.trimEnd().split("\n"));
        events.push("written");
      },
      () => 0,
    ),
    logFormat: "json",
    attempts: 3,
    backoffMs: 100,
    timeoutMs: null,
    nowMicros: () => clock.micros,
    wait: async (ms) => void waits.push(ms),
    later: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    soon: (callback) => void setImmediate(callback),
  };
}

export function delivery(handler: Handler, over: Partial<DeliveryOptions> = {}): Delivery {
  return new Delivery({ ...commonOptions(), handler, ...over });
}

export function control(over: Partial<BatchControl> = {}): BatchControl {
  return {
    resolve: (offset) => events.push(`resolved ${offset}`),
    waits: () => events.push("waits"),
    stopped: () => false,
    signal: new AbortController().signal,
    ...over,
  };
}

export const batch = (messages: RawMessage[]) => ({ topic: TOPIC, partition: 0, messages, highWatermark: "1000" });
