import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ChangeJson } from "../../../consumer/api";
import { AtHand } from "../../../consumer/delivery/crash/at-hand";
import type { DeadLetters } from "../../../consumer/delivery/dead-letter";
import type { Context, Handler } from "../../../consumer/delivery/handler";
import type { DeliveryObserver } from "../../../consumer/delivery/observer";
import { ALEX, TOPIC, envelope, record } from "../records";
import { batch, buried, clock, control, create, delivery, events, idOf, lines, observer, waits } from "./rig";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("the usual way", () => {
  test("changes are handled in order, written in one go, and only then resolved", async () => {
    const print: Handler = (change, context) => context.print(change);
    await delivery(print).deliver(batch([create(1), create(2)]), control());
    expect(events).toEqual(["observed 1", "observed 2", "written", "resolved 2", "batch done at 2"]);
    expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([1, 2]);
  });

  test("the handler gets the change and how long it took to get here", async () => {
    const got: Context[] = [];
    await delivery((_change, context) => void got.push(context)).deliver(batch([create(1)]), control());
    expect(got[0]).toMatchObject({ lagMs: 5.3, attempt: 1 });
  });

  test("a line is written when its change is handled: not by an attempt that fails, and at once when it comes late", async () => {
    let late = (): void => undefined;
    const handler: Handler = (change, context) => {
      if (idOf(change) === 2) return void (late = () => context.print(change));
      context.print(change);
      if (idOf(change) === 3 || context.attempt === 1) throw new Error("no");
    };
    await delivery(handler).deliver(batch([1, 2, 3, 4].map(create)), control());
    late();
    const handled = lines.map((line) => JSON.parse(line) as ChangeJson).filter(({ id }) => id !== undefined);
    expect(handled.map(({ id, key }) => [id, key!["id"]])).toEqual([
      [1, 1],
      [3, 4],
      [2, 2],
    ]);
  });

  test("a handler that returns a promise is awaited before the next change", async () => {
    const handler: Handler = async (change) => {
      events.push(`begin ${idOf(change)}`);
      await Promise.resolve();
      events.push(`end ${idOf(change)}`);
    };
    await delivery(handler).deliver(batch([create(1), create(2)]), control());
    expect(events.slice(0, 6)).toEqual(["begin 1", "end 1", "observed 1", "begin 2", "end 2", "observed 2"]);
  });

  test("tombstones and heartbeats are counted, not handled", async () => {
    const handler: Handler = () => events.push("handled") as never;
    await delivery(handler).deliver(batch([record({ id: 1 }, null, "8")]), control());
    expect(events).toEqual(["tombstone", "resolved 8", "batch done at 8"]);
  });

  test("a long batch lets others in and commits what is done", async () => {
    const slow: Handler = () => void (clock.micros += 6_000);
    await delivery(slow).deliver(batch([1, 2, 3, 4].map(create)), control());
    expect(waits).toEqual([0]);
    expect(events.filter((event) => !event.startsWith("observed"))).toEqual([
      "resolved 2",
      "resolved 4",
      "batch done at 4",
    ]);
  });
});

test("what was handled before a slow change is written and resolved while that one is waited for", async () => {
  let release = (): void => undefined;
  const slow: Handler = (change, context) => {
    context.print(change);
    return idOf(change) === 2 ? new Promise<void>((resolve) => (release = resolve)) : undefined;
  };
  const delivered = delivery(slow).deliver(batch([1, 2, 3].map(create)), control());
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual(["observed 1", "written", "resolved 1", "waits"]);
  release();
  await delivered;
  expect(events.slice(4)).toEqual(["observed 2", "observed 3", "written", "resolved 3", "batch done at 3"]);
});

test("a handler that is not done after a minute is reported, each minute again", async () => {
  const reminders: (() => void)[] = [];
  let release = (): void => undefined;
  const slow: Handler = (change) =>
    idOf(change) === 2 ? new Promise<void>((resolve) => (release = resolve)) : undefined;
  const later = (ms: number, callback: () => void) => {
    expect(ms).toBe(60_000);
    reminders.push(callback);
    return () => void reminders.splice(reminders.indexOf(callback), 1);
  };
  const delivered = delivery(slow, { later }).deliver(batch([1, 2, 3].map(create)), control());
  await new Promise((resolve) => setImmediate(resolve));
  for (let minute = 1; minute <= 2; minute++) reminders.shift()!();
  release();
  await delivered;
  expect(reminders).toEqual([]);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    {
      level: "warn",
      message: expect.stringContaining("the handler is not done after 60 s"),
      topic: TOPIC,
      offset: "2",
    },
    {
      level: "warn",
      message: expect.stringContaining("the handler is not done after 120 s"),
      topic: TOPIC,
      offset: "2",
    },
  ]);
});

test("many lines are written, remembered and resolved in between, not gathered without bound", async () => {
  const print: Handler = (_change, { log }) => log.line("x".repeat(14_000));
  await delivery(print).deliver(batch([1, 2, 3, 4].map(create)), control());
  expect(events.filter((event) => !event.startsWith("observed"))).toEqual([
    "written",
    "resolved 3",
    "written",
    "resolved 4",
    "batch done at 4",
  ]);
});

describe("the end of a batch before its end", () => {
  test("a stop leaves the rest for later and resolves what is done", async () => {
    let handled = 0;
    const handler: Handler = async () => void handled++;
    await delivery(handler).deliver(batch([1, 2, 3].map(create)), control({ stopped: () => handled === 2 }));
    expect(handled).toBe(2);
    expect(events).toContain("resolved 2");
    expect(events).not.toContain("resolved 3");
  });

  test("a stop while a change is retried leaves that change unresolved and unburied", async () => {
    let stopped = false;
    const handler: Handler = (change) => {
      if (idOf(change) !== 2) return;
      stopped = true;
      throw new Error("not now");
    };
    await delivery(handler).deliver(batch([1, 2, 3].map(create)), control({ stopped: () => stopped }));
    expect(buried).toEqual([]);
    expect(events.filter((event) => event.startsWith("resolved"))).toEqual(["resolved 1"]);
  });

  test("a handler that ends because of a stop has not failed: its change is left, at the last attempt too", async () => {
    const stop = new AbortController();
    const handler: Handler = (_change, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    const stopping = control({ stopped: () => stop.signal.aborted, signal: stop.signal });
    const delivered = delivery(handler, { attempts: 1 }).deliver(batch([create(1)]), stopping);
    stop.abort(new Error("the consumer stops"));
    await delivered;
    expect(buried).toEqual([]);
    expect(events).toEqual(["batch done at undefined"]);
  });
});

test("a busy table keeps nothing of the signals that its changes asked for", async () => {
  const asked: WeakRef<AbortSignal>[] = [];
  const handler: Handler = (change, { signal, attempt }) => {
    signal.addEventListener("abort", () => undefined);
    asked.push(new WeakRef(signal));
    if (idOf(change) === 3 && attempt === 1) throw new Error("not yet");
    return idOf(change) % 2 === 0 ? Promise.resolve() : undefined;
  };
  const stop = new AbortController();
  await delivery(handler).deliver(batch([1, 2, 3].map(create)), control({ signal: stop.signal }));
  // The engine keeps the target of a WeakRef that was made or read in this turn until the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const kept = asked.filter((signal) => signal.deref() !== undefined);
  expect([asked.length, kept.length]).toEqual([4, 0]);
  expect(stop.signal.aborted).toBe(false);
});

test("whatever fails and whenever, each record is handled or buried exactly once and in order", async () => {
  const fate = fc.constantFrom("ok", "ok later", "rejects", "always throws", "garbage", "tombstone");
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 30 }), async (fates) => {
      const ended: string[] = [];
      const messages = fates.map((what, i) =>
        what === "garbage"
          ? record(null, "garbage", String(i))
          : what === "tombstone"
            ? record({ id: i }, null, String(i))
            : record({ id: i }, envelope("c", null, { ...ALEX, id: i }), String(i)),
      );
      const handler: Handler = (change, { attempt }) => {
        const what = fates[idOf(change)];
        if (what === "always throws" || (what === "ok later" && attempt < 3)) throw new Error(what);
        return what === "rejects" ? Promise.reject(new Error(what)) : undefined;
      };
      const dead: DeadLetters = { topic: "dead", send: async ({ offset }) => void ended.push(`${offset} buried`) };
      const seen: DeliveryObserver = {
        ...observer,
        change: (_change, _observation, json) => void ended.push(`${(JSON.parse(json) as ChangeJson).offset} handled`),
      };
      await delivery(handler, { deadLetters: dead, observer: seen }).deliver(batch(messages), control());
      const expected = fates.flatMap((what, i) =>
        what === "tombstone" ? [] : what.startsWith("ok") ? [`${i} handled`] : [`${i} buried`],
      );
      expect(ended).toEqual(expected);
    }),
  );
});

test("a record is in hand until its handler is done, pauses between its attempts included", async () => {
  const atHand = new AtHand(() => clock.micros / 1000);
  const seen: (string | null)[] = [];
  const look = () => {
    clock.micros += 1_000_000;
    seen.push(atHand.stuck(0));
  };
  const handler: Handler = async (_change, { attempt }) => {
    // By the second turn of the event loop the delivery has looked whether the handler is done.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    look();
    if (attempt === 1) throw new Error("not yet");
  };
  const waiting = delivery(handler, { atHand, wait: async () => look() });
  await waiting.deliver(batch([create(7)]), control());
  expect(seen).toEqual([1, 2, 3].map((s) => `the handler has not got on with ${TOPIC}/0 for ${s} s`));
  expect(atHand.stuck(0)).toBeNull();
});

test("a row of the connector's first snapshot tells which topic gets all rows", async () => {
  const refills: (string | undefined)[] = [];
  const watching = { ...observer, change: (change: { refills?: string | undefined }) => refills.push(change.refills) };
  const row = (op: string, event_serial_no: number) =>
    record({ id: 1 }, envelope(op, null, { ...ALEX, id: 1 }, { event_serial_no }), "1");
  const messages = [row("r", 0), row("r", 3), row("c", 0)];
  await delivery(() => undefined, { observer: watching }).deliver(batch(messages), control());
  expect(refills).toEqual([TOPIC, undefined, undefined]);
});
