import { describe, expect, test } from "@jest/globals";
import type { Change } from "../../../consumer/change/change-event";
import type { Handler } from "../../../consumer/delivery/handler";
import { ALEX, record, TOPIC } from "../records";
import { batch, buried, control, create, delivery, events, idOf, lines, observer, waits } from "./rig";

describe("a handler that throws", () => {
  test("is tried again with growing pauses, and the change is handled once it works", async () => {
    const attempts: number[] = [];
    const handler: Handler = (_change, { attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error("not yet");
    };
    await delivery(handler).deliver(batch([create(1), create(2)]), control());
    expect(attempts).toEqual([1, 2, 3, 1, 2, 3]);
    expect(waits).toEqual([100, 200, 100, 200]);
    expect(buried).toEqual([]);
    expect(events.filter((event) => event.startsWith("observed"))).toEqual(["observed 1", "observed 2"]);
  });

  test.each<[string, Handler]>([
    ["at once", (change) => fail(change)],
    ["in a promise", async (change) => fail(change)],
  ])("%s at every attempt: its record goes to the dead letters and all others are handled", async (_when, handler) => {
    await delivery(handler).deliver(batch([create(1), create(2), create(3)]), control());
    expect(buried).toEqual([{ offset: "2", failure: { stage: "handle", error: new Error("never 2"), attempts: 3 } }]);
    expect(events.filter((event) => event.startsWith("observed"))).toEqual(["observed 1", "observed 3"]);
    expect(events).toContain("resolved 3");
    expect(lines.join()).toContain('"message":"record given up on and sent to dead: never 2","topic":"cdctest');
  });

  function fail(change: Change): void {
    if (idOf(change) === 2) throw new Error("never 2");
  }

  test("pauses are cut into parts, so that they do not delay a stop", async () => {
    const handler: Handler = (_change, { attempt }) => {
      if (attempt === 1) throw new Error("not yet");
    };
    await delivery(handler, { backoffMs: 1200 }).deliver(batch([create(1)]), control());
    expect(waits).toEqual([500, 500, 200]);
  });
});

describe("what a handler answers", () => {
  const mustNotBeRead = () => {
    throw new Error("no");
  };
  test.each<[string, () => unknown]>([
    ["a getter named then that throws", () => Object.defineProperty({}, "then", { get: mustNotBeRead })],
    ["a function with such a getter", () => Object.defineProperty(() => 0, "then", { get: mustNotBeRead })],
    ["a then that throws", () => ({ then: mustNotBeRead })],
    ["a proxy that was revoked", () => revoked()],
  ])("%s is a failed attempt, and all others are handled", async (_, answer) => {
    const handler = ((change: Change) => (idOf(change) === 2 ? answer() : undefined)) as Handler;
    await delivery(handler).deliver(batch([create(1), create(2), create(3)]), control());
    expect(buried).toMatchObject([{ offset: "2", failure: { stage: "handle", attempts: 3 } }]);
    expect(events).toContain("resolved 3");
  });

  function revoked(): unknown {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  }

  test("is awaited when it has a then and no prototype that is known here, and read once", async () => {
    let read = 0;
    const answer = Object.create(null) as object;
    const then = (done: () => void) => setImmediate(() => (events.push("done"), done()));
    Object.defineProperty(answer, "then", { get: () => (read++, then) });
    await delivery((() => answer) as unknown as Handler).deliver(batch([create(1)]), control());
    expect(read).toBe(1);
    expect(events.filter((event) => /done|observed/.test(event))).toEqual(["done", "observed 1", "batch done at 1"]);
  });

  test.each<[string, unknown]>([
    ["a list", [1]],
    ["an object", { rows: 1 }],
    ["null", null],
    ["a number", 3],
  ])("%s is nothing to wait for, and no failure", async (_, answer) => {
    await delivery((() => answer) as unknown as Handler).deliver(batch([create(1), create(2)]), control());
    expect(buried).toEqual([]);
    expect(events).toContain("resolved 2");
  });
});

describe("a handler that alters its context", () => {
  const ways: [string, (context: object) => void][] = [
    ["freezes it", (context) => Object.freeze(context)],
    ["counts its attempts anew", (context) => Object.assign(context, { attempt: 0 })],
    [
      "has names of its own in it",
      (context) => Object.assign(context, { call: 1, over: 2, abort: 3, again: 4, log: 5, change: 6, underWay: 7 }),
    ],
  ];
  test.each(ways)("%s: it fails its attempts and no more", async (_, alter) => {
    const handler: Handler = (change, context) => {
      alter(context);
      if (idOf(change) === 2) throw new Error("never");
    };
    await delivery(handler).deliver(batch([create(1), create(2), create(3)]), control());
    expect(buried).toMatchObject([{ offset: "2", failure: { attempts: 3 } }]);
    expect(events.filter((event) => event.startsWith("observed"))).toEqual(["observed 1", "observed 3"]);
  });
});

describe("a handler that alters what it is given", () => {
  test("and fails gets the change as it came at the next attempt; what is observed and buried is as it came", async () => {
    const seen: string[] = [];
    const observed: string[] = [];
    const handler: Handler = (change) => {
      seen.push(`${change.table} ${change.offset} ${String(change.after?.["email"])}`);
      const after = change.after as { email: string };
      after.email += "!";
      Object.assign(change, { table: "other", topic: "other", offset: "7", op: "delete" });
      if (seen.length < 3) throw new Error("not yet");
      if (seen.length > 3) throw new Error("never");
    };
    const watching = {
      ...observer,
      change: ({ op, table }: Pick<Change, "op" | "table">) => observed.push(`${op} ${table}`),
    };
    await delivery(handler, { observer: watching }).deliver(batch([create(1), create(2)]), control());
    const email = ALEX.email;
    expect(seen).toEqual([1, 1, 1, 2, 2, 2].map((offset) => `public.customers ${offset} ${email}`));
    expect(observed).toEqual(["create public.customers"]);
    expect(buried.map(({ offset }) => offset)).toEqual(["2"]);
  });

  test.each(["json", "text"] as const)("and then has it printed gets the line of what came: %s", async (logFormat) => {
    const spoil = [
      (change: Change) => Object.assign(change, { table: "other", op: "delete", before: null }),
      (change: Change) => Object.assign(change, { committedAtMicros: NaN, changed: undefined, key: change }),
    ];
    const handler: Handler = (change, context) => {
      spoil.shift()?.(change);
      context.print(change);
    };
    await delivery(handler, { logFormat }).deliver(batch([create(1), create(2), create(3)]), control());
    const shape = (line: string) => line.replace(/(?<="?(?:id|offset|eventId)"?[:=])("[^"]*"|\d+)/g, "N");
    expect(lines).toHaveLength(3);
    expect(lines.slice(0, 2).map(shape)).toEqual([shape(lines[2]!), shape(lines[2]!)]);
  });
});

describe("a handler that takes too long", () => {
  const TIMEOUT = "the handler has not finished within 20 ms (HANDLER_TIMEOUT_MS)";
  const forever = new Promise<void>(() => undefined);

  test("has failed, gets the signal to stop, and is tried again", async () => {
    const reasons: unknown[] = [];
    const handler: Handler = (change, { signal, attempt }) => {
      if (idOf(change) !== 2 || attempt === 3) return;
      expect(signal.aborted).toBe(false);
      signal.addEventListener("abort", () => reasons.push((signal.reason as Error).message));
      return forever;
    };
    await delivery(handler, { timeoutMs: 20 }).deliver(batch([1, 2, 3].map(create)), control());
    expect(reasons).toEqual([TIMEOUT, TIMEOUT]);
    expect(waits).toEqual([100, 200]);
    expect(events.filter((event) => event.startsWith("observed"))).toEqual(["observed 1", "observed 2", "observed 3"]);
  });

  test("at every attempt: its record goes to the dead letters", async () => {
    const handler: Handler = (change) => (idOf(change) === 2 ? forever : undefined);
    await delivery(handler, { timeoutMs: 20 }).deliver(batch([1, 2, 3].map(create)), control());
    expect(buried).toMatchObject([{ offset: "2", failure: { stage: "handle", attempts: 3 } }]);
    expect((buried[0]!.failure.error as Error).message).toBe(TIMEOUT);
  });

  test("a later failure of an attempt that was given up is ignored", async () => {
    let reject = (): void => undefined;
    const handler: Handler = (_change, { attempt }) =>
      attempt === 1 ? new Promise((_resolve, fail) => (reject = () => fail(new Error("late")))) : undefined;
    await delivery(handler, { timeoutMs: 20 }).deliver(batch([create(1)]), control());
    reject();
    await new Promise((resolve) => setImmediate(resolve));
    expect(buried).toEqual([]);
    expect(events.filter((event) => event.startsWith("observed"))).toEqual(["observed 1"]);
  });
});

test("an unreadable record goes to the dead letters without an attempt", async () => {
  const handled: number[] = [];
  const messages = [create(1), record({ id: 2 }, "garbage", "2"), create(3)];
  await delivery((change) => void handled.push(idOf(change))).deliver(batch(messages), control());
  expect(handled).toEqual([1, 3]);
  expect(buried).toMatchObject([{ offset: "2", failure: { stage: "read", attempts: 1 } }]);
});

describe("a dead letter that was sent back", () => {
  const original = { topic: "cdctest.public.customers", partition: 3, offset: "70" };
  const returned = { ...create(1), offset: "0", original };

  test("is handled as what it was at first; done with is the record that it came in", async () => {
    const seen: unknown[] = [];
    const handler: Handler = ({ topic, partition, offset }, { duplicate, retried }) =>
      void seen.push([topic, partition, offset, duplicate, retried]);
    // The same process has seen its first failure.
    const both = delivery(handler);
    await both.deliver(batch([{ ...create(1), offset: "70" }]), control());
    await both.deliver({ ...batch([returned]), topic: "retry" }, control());
    expect(seen).toEqual([
      [TOPIC, 0, "70", undefined, undefined],
      ["cdctest.public.customers", 3, "70", undefined, true],
    ]);
    expect(events).toContain("resolved 0");
  });

  test("and fails again is one of where it was at first", async () => {
    const failing = delivery(() => {
      throw new Error("still not");
    });
    await failing.deliver({ ...batch([returned]), topic: "retry" }, control());
    expect(buried).toMatchObject([{ offset: "70", failure: { stage: "handle", attempts: 3 } }]);
    expect(lines.join()).toContain('still not","topic":"cdctest.public.customers","partition":3,"offset":"70"');
    expect(events).toContain("resolved 0");
  });
});

test("dead letters that cannot be written are tried until they can, before anything is resolved", async () => {
  let refusals = 2;
  const send = async () => {
    events.push("send");
    if (refusals-- > 0) throw new Error("no such topic");
  };
  const dead = delivery(() => undefined, { deadLetters: { topic: "dead", send } });
  await dead.deliver(batch([record(null, "garbage", "7")]), control());
  expect(events.filter((event) => /^(send|resolved)/.test(event))).toEqual(["send", "send", "send", "resolved 7"]);
  expect(waits).toEqual([250, 500]);
});
