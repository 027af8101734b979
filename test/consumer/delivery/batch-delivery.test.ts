import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ChangeJson } from "../../../consumer/api";
import type { BatchControl } from "../../../consumer/delivery/batch";
import { BatchDelivery, type BatchDeliveryOptions } from "../../../consumer/delivery/batch-delivery";
import { AtHand } from "../../../consumer/delivery/crash/at-hand";
import type { BatchHandler } from "../../../consumer/delivery/handler";
import { createLog } from "../../../consumer/log";
import { ALEX } from "../records";
import { batch, buried, commonOptions, control, create, events, idOf, lines, tombstone, unreadable } from "./rig";

function delivery(batchHandler: BatchHandler, over: Partial<BatchDeliveryOptions> = {}): BatchDelivery {
  return new BatchDelivery({
    ...commonOptions(),
    batchHandler,
    mostChanges: 500,
    log: createLog(
      "json",
      (text) => lines.push(...text.trimEnd().split("\n")),
      () => 0,
    ),
    attempts: 2,
    backoffMs: 0,
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    later: () => () => undefined,
    ...over,
  });
}

/** These tests ignore a batch's waits. */
const quiet = (over: Partial<BatchControl> = {}) => control({ waits: () => undefined, ...over });

/** The records that were given up: offset, stage and number of attempts. */
const given = () => buried.map(({ offset, failure: { stage, attempts } }) => `${offset} ${stage} ${attempts}`);

describe("a handler of many changes", () => {
  test("gets those of a batch at once, up to a number, and each part is resolved when it is done", async () => {
    const handler: BatchHandler = async (changes) => {
      await Promise.resolve();
      events.push(`handled ${changes.map(idOf).join()}`);
    };
    const messages = [create(1), tombstone(2), create(3), create(4), tombstone(5)];
    await delivery(handler, { mostChanges: 2 }).deliver(batch(messages), quiet());
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

  test("gets with each change how it arrived, and prints the changes that it chooses", async () => {
    const handler: BatchHandler = (changes, { print, arrivalOf }) => {
      expect(changes.map(arrivalOf)).toEqual([{ lagMs: 5.3 }, { lagMs: 5.3 }, { lagMs: 5.3 }]);
      print(changes[2]!);
      print(changes[0]!);
      expect(() => print({ ...changes[0]! })).toThrow("the change is none of this batch");
    };
    await delivery(handler).deliver(batch([create(1), create(2), create(3)]), quiet());
    expect(lines.map((line) => JSON.parse(line) as ChangeJson).map(({ id, offset }) => [id, offset])).toEqual([
      [1, "1"],
      [3, "3"],
    ]);
  });

  test("what cannot be read goes to the dead letters after what was before it", async () => {
    const handler: BatchHandler = (changes) => void events.push(`handled ${changes.map(idOf).join()}`);
    await delivery(handler).deliver(batch([create(1), unreadable(2), create(3)]), quiet());
    expect(given()).toEqual(["2 read 1"]);
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

test("what was before an unreadable record is settled while its dead letter cannot be written", async () => {
  let written = (): void => undefined;
  const send = () => new Promise<void>((resolve) => (written = resolve));
  const messages = [create(1), tombstone(2), unreadable(3), unreadable(4)];
  const over = { deadLetters: { topic: "dead", send } };
  const delivered = delivery(() => undefined, over).deliver(batch(messages), quiet());
  const turns = async () => {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  await turns();
  expect(events.at(-1)).toBe("resolved 2");
  written();
  await turns();
  expect(events.at(-1)).toBe("resolved 3");
  written();
  await delivered;
  expect(events.at(-1)).toBe("batch done at 4");
});

describe("a batch that fails", () => {
  test("is tried again as a whole", async () => {
    const attempts: string[] = [];
    const handler: BatchHandler = (changes, { attempt }) => {
      attempts.push(`${attempt}: ${changes.map(idOf).join()}`);
      if (attempt === 1) throw new Error("not yet");
    };
    await delivery(handler).deliver(batch([create(1), create(2)]), quiet());
    expect(attempts).toEqual(["1: 1,2", "2: 1,2"]);
    expect(events).toEqual(["retry", "observed 1", "observed 2", "resolved 2", "batch done at 2"]);
  });

  test("at every attempt: is tried change by change, and only what fails alone goes to the dead letters", async () => {
    const attempts: string[] = [];
    const handler: BatchHandler = async (changes, { attempt }) => {
      attempts.push(`${attempt}: ${changes.map(idOf).join()}`);
      if (changes.some((change) => idOf(change) === 2)) throw new Error("poison");
    };
    await delivery(handler).deliver(batch([create(1), create(2), create(3)]), quiet());
    expect(attempts).toEqual(["1: 1,2,3", "2: 1,2,3", "1: 1", "1: 2", "2: 2", "1: 3"]);
    expect(given()).toEqual(["2 handle 2"]);
    expect(events.filter((event) => event.startsWith("observed"))).toEqual(["observed 1", "observed 3"]);
    expect(events.slice(-2)).toEqual(["resolved 3", "batch done at 3"]);
  });

  test("and is tried change by change has each settled at once, and waits for the next one anew", async () => {
    const clock = { ms: 0 };
    const atHand = new AtHand(() => clock.ms);
    const stuck: (string | null)[] = [];
    const reminders: (() => void)[] = [];
    const handler: BatchHandler = async (changes) => {
      clock.ms += 200_000;
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      if (changes.length === 1) {
        stuck.push(atHand.stuck(300_000));
        reminders.at(-1)!();
      }
      throw new Error("down");
    };
    const later = (_ms: number, callback: () => void) => (reminders.push(callback), () => undefined);
    await delivery(handler, { atHand, later, attempts: 1 }).deliver(batch([create(1), create(2), create(3)]), quiet());
    expect(events.filter((event) => !event.startsWith("retry"))).toEqual([
      "dead letter: handle",
      "resolved 1",
      "dead letter: handle",
      "resolved 2",
      "dead letter: handle",
      "resolved 3",
      "batch done at 3",
    ]);
    expect(stuck).toEqual([null, null, null]);
    const waitedFor = lines.flatMap((line) => {
      const { message, offset } = JSON.parse(line) as { message: string; offset: string };
      return message.startsWith("the handler is not done") ? [offset] : [];
    });
    expect(waitedFor).toEqual(["1", "2", "3"]);
  });

  test("gives each attempt, and each change that is tried alone, what came, whatever the one before has altered", async () => {
    const seen: string[] = [];
    const handler: BatchHandler = (changes) => {
      seen.push(changes.map(({ table, after }) => `${table} ${String(after?.["email"])}`).join());
      for (const change of changes) Object.assign(change, { table: "other", after: { email: "altered" } });
      if (seen.length < 4) throw new Error("not yet");
    };
    await delivery(handler).deliver(batch([create(1), create(2)]), quiet());
    const one = `public.customers ${ALEX.email}`;
    expect(seen).toEqual([`${one},${one}`, `${one},${one}`, one, one, one]);
  });

  test("because of a stop is left, with what was done alone resolved", async () => {
    let stopped = false;
    const handler: BatchHandler = (changes) => {
      if (changes.length > 1) throw new Error("poison");
      if (idOf(changes[0]!) === 2) stopped = true;
      if (stopped) throw new Error("stopped");
    };
    await delivery(handler).deliver(batch([create(1), create(2), create(3)]), quiet({ stopped: () => stopped }));
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
      events.length = 0;
      buried.length = 0;
      await parts.deliver(batch(messages), quiet());
      for (const event of events) if (event.startsWith("observed")) ended.push(event.slice(9));
      const expected = (what: string) => fates.flatMap((fate, i) => (fate === what ? [String(i)] : []));
      expect(ended).toEqual(expected("ok"));
      expect(given()).toEqual(
        fates.flatMap((what, i) => (what === "poison" ? [`${i} handle 2`] : what === "garbage" ? [`${i} read 1`] : [])),
      );
      const last = fates.length === 0 ? "undefined" : String(fates.length - 1);
      expect(events.at(-1)).toBe(`batch done at ${last}`);
    }),
  );
});
