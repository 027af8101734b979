import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ChangeJson } from "../../../consumer/api";
import type { Change, RawMessage } from "../../../consumer/change/change-event";
import type { BatchControl } from "../../../consumer/delivery/batch";
import { AtHand } from "../../../consumer/delivery/at-hand";
import { BatchDelivery, type BatchDeliveryOptions } from "../../../consumer/delivery/batch-delivery";
import { Duplicates } from "../../../consumer/delivery/duplicates";
import type { BatchHandler } from "../../../consumer/delivery/handler";
import { forgetful } from "../../../consumer/delivery/offset-file";
import { createLog } from "../../../consumer/log";
import { ALEX, COMMITTED_AT, TOPIC, envelope, record } from "../records";

/** Everything that happens, in order. */
let events: string[];
let buried: string[];
let lines: string[];

beforeEach(() => {
  events = [];
  buried = [];
  lines = [];
});

const create = (id: number): RawMessage => record({ id }, envelope("c", null, { ...ALEX, id }), String(id));
const unreadable = (id: number): RawMessage => record(null, "garbage", String(id));
const tombstone = (id: number): RawMessage => record({ id }, null, String(id));
const idOf = (change: Change) => Number(change.key?.["id"]);

function delivery(batchHandler: BatchHandler, over: Partial<BatchDeliveryOptions> = {}): BatchDelivery {
  return new BatchDelivery({
    batchHandler,
    mostChanges: 500,
    deadLetters: {
      topic: "dead",
      send: async ({ offset }, _message, { stage, attempts }) => void buried.push(`${offset} ${stage} ${attempts}`),
    },
    duplicates: new Duplicates({ store: forgetful, report: () => undefined }),
    observer: {
      batch: () => undefined,
      batchDone: (_topic, _partition, done) => events.push(`batch done at ${done}`),
      change: (change) => events.push(`observed ${idOf(change)}`),
      settled: () => undefined,
      unprinted: (op) => events.push(op),
      retry: () => events.push("retry"),
      deadLetter: (_topic, stage) => events.push(`dead letter: ${stage}`),
    },
    atHand: new AtHand(() => 0),
    log: createLog(
      "json",
      (text) => lines.push(...text.trimEnd().split("\n")),
      () => 0,
    ),
    logFormat: "json",
    attempts: 2,
    backoffMs: 0,
    timeoutMs: null,
    nowMicros: () => COMMITTED_AT + 5300,
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    later: () => () => undefined,
    soon: (callback) => void setImmediate(callback),
    ...over,
  });
}

function control(over: Partial<BatchControl> = {}): BatchControl {
  return {
    resolve: (offset) => events.push(`resolved ${offset}`),
    waits: () => undefined,
    stopped: () => false,
    signal: new AbortController().signal,
    ...over,
  };
}

const batch = (...messages: RawMessage[]) => ({ topic: TOPIC, partition: 0, messages, highWatermark: "1000" });

describe("a handler of many changes", () => {
  test("gets those of a batch at once, up to a number, and each part is resolved when it is done", async () => {
    const handler: BatchHandler = async (changes) => {
      await Promise.resolve();
      events.push(`handled ${changes.map(idOf).join()}`);
    };
    const messages = [create(1), tombstone(2), create(3), create(4), tombstone(5)];
    await delivery(handler, { mostChanges: 2 }).deliver(batch(...messages), control());
    expect(events).toEqual([
      "tombstone",
      "handled 1,3",
      "observed 1",
      "observed 3",
      "resolved 3",
      "tombstone",
      "handled 4",
      "observed 4",
      "resolved 5",
      "batch done at 5",
    ]);
  });

  test("is told of each change how it arrived, and prints those it wants to", async () => {
    const handler: BatchHandler = (changes, { print, arrivalOf }) => {
      expect(changes.map(arrivalOf)).toEqual([{ lagMs: 5.3 }, { lagMs: 5.3 }, { lagMs: 5.3 }]);
      print(changes[2]!);
      print(changes[0]!);
      expect(() => print({ ...changes[0]! })).toThrow("the change is none of this batch");
    };
    await delivery(handler).deliver(batch(create(1), create(2), create(3)), control());
    expect(lines.map((line) => JSON.parse(line) as ChangeJson).map(({ id, offset }) => [id, offset])).toEqual([
      [1, "1"],
      [3, "3"],
    ]);
  });

  test("what cannot be read goes to the dead letters after what was before it", async () => {
    const handler: BatchHandler = (changes) => void events.push(`handled ${changes.map(idOf).join()}`);
    await delivery(handler).deliver(batch(create(1), unreadable(2), create(3)), control());
    expect(buried).toEqual(["2 read 1"]);
    expect(events.filter((event) => !event.startsWith("observed"))).toEqual([
      "handled 1",
      "dead letter: read",
      "resolved 2",
      "handled 3",
      "resolved 3",
      "batch done at 3",
    ]);
  });
});

describe("a batch that fails", () => {
  test("is tried again as a whole", async () => {
    const attempts: string[] = [];
    const handler: BatchHandler = (changes, { attempt }) => {
      attempts.push(`${attempt}: ${changes.map(idOf).join()}`);
      if (attempt === 1) throw new Error("not yet");
    };
    await delivery(handler).deliver(batch(create(1), create(2)), control());
    expect(attempts).toEqual(["1: 1,2", "2: 1,2"]);
    expect(events).toEqual(["retry", "observed 1", "observed 2", "resolved 2", "batch done at 2"]);
  });

  test("at every attempt: is tried change by change, and only what fails alone goes to the dead letters", async () => {
    const attempts: string[] = [];
    const handler: BatchHandler = async (changes, { attempt }) => {
      attempts.push(`${attempt}: ${changes.map(idOf).join()}`);
      if (changes.some((change) => idOf(change) === 2)) throw new Error("poison");
    };
    await delivery(handler).deliver(batch(create(1), create(2), create(3)), control());
    expect(attempts).toEqual(["1: 1,2,3", "2: 1,2,3", "1: 1", "1: 2", "2: 2", "1: 3"]);
    expect(buried).toEqual(["2 handle 2"]);
    expect(events.filter((event) => event.startsWith("observed"))).toEqual(["observed 1", "observed 3"]);
    expect(events.slice(-2)).toEqual(["resolved 3", "batch done at 3"]);
  });

  test("because of a stop is left, with what was done alone resolved", async () => {
    let stopped = false;
    const handler: BatchHandler = (changes) => {
      if (changes.length > 1) throw new Error("poison");
      if (idOf(changes[0]!) === 2) stopped = true;
      if (stopped) throw new Error("stopped");
    };
    await delivery(handler).deliver(batch(create(1), create(2), create(3)), control({ stopped: () => stopped }));
    expect(buried).toEqual([]);
    expect(events.slice(-2)).toEqual(["resolved 1", "batch done at 1"]);
  });
});

test("whatever fails and however it is cut, each record is handled or buried exactly once and in order", async () => {
  const fate = fc.constantFrom("ok", "poison", "garbage", "tombstone");
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), async (fates, mostChanges) => {
      const ended: string[] = [];
      const messages = fates.map((what, i) =>
        what === "garbage" ? unreadable(i) : what === "tombstone" ? tombstone(i) : create(i),
      );
      const handler: BatchHandler = async (changes) => {
        if (changes.some((change) => fates[idOf(change)] === "poison")) throw new Error("poison");
      };
      const parts = delivery(handler, { mostChanges });
      events = [];
      buried = [];
      await parts.deliver(batch(...messages), control());
      for (const event of events) if (event.startsWith("observed")) ended.push(event.slice(9));
      const expected = (what: string) => fates.flatMap((fate, i) => (fate === what ? [String(i)] : []));
      expect(ended).toEqual(expected("ok"));
      expect(buried).toEqual(
        fates.flatMap((what, i) => (what === "poison" ? [`${i} handle 2`] : what === "garbage" ? [`${i} read 1`] : [])),
      );
      const last = fates.length === 0 ? "undefined" : String(fates.length - 1);
      expect(events.at(-1)).toBe(`batch done at ${last}`);
    }),
  );
});
