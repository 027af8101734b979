import { expect, test } from "@jest/globals";
import { BatchDelivery } from "../../../consumer/delivery/batch-delivery";
import { Failing } from "../../../consumer/delivery/failing";
import type { Handler } from "../../../consumer/delivery/handler";
import { TOPIC } from "../records";
import { batch, commonOptions, control, create, delivery, failures, idOf } from "./rig";

/** Each line with its place, and what the page shows at each attempt. */
function rig(attempts = 3) {
  const said: string[] = [];
  const shown: (string | null)[] = [];
  const time = { ms: 0 };
  const failing = new Failing({
    log: { warn: (message, fields) => void said.push(`${String(fields?.["offset"])}: ${message}`) },
    attempts,
    now: () => time.ms,
  });
  return { said, shown, time, failing };
}

test("a change that fails is told at its first attempt, and shown until it is done", async () => {
  const { said, shown, failing } = rig();
  const handler: Handler = (_change, { attempt }) => {
    shown.push(failing.now());
    if (attempt < 3) throw new Error(`not yet ${attempt}`);
  };
  await delivery(handler, { failing }).deliver(batch([create(7)]), control());
  expect(said).toEqual(["7: the handler failed at a change (attempt 1 of 3) and gets it again: not yet 1"]);
  expect(shown).toEqual([
    null,
    `${TOPIC}/0 offset 7: the handler failed at a change (attempt 1 of 3) and gets it again: not yet 1`,
    `${TOPIC}/0 offset 7: the handler failed at a change (attempt 2 of 3) and gets it again: not yet 2`,
  ]);
  expect(failing.now()).toBeNull();
});

test("the last attempt of a change is told by its dead letter alone", async () => {
  const handler: Handler = () => {
    throw new Error("never");
  };
  await delivery(handler, { attempts: 1, failing: rig(1).failing }).deliver(batch([create(1)]), control());
  expect(failures).toEqual([]);
});

test("a batch that fails is told at its first attempt, and that its changes are given one by one", async () => {
  const { said, time, failing } = rig(2);
  const batchHandler = (changes: readonly Parameters<Handler>[0][]): void => {
    time.ms += 10_000;
    if (changes.some((change) => idOf(change) === 2)) throw new Error("never 2");
  };
  const options = { ...commonOptions(), attempts: 2, failing, batchHandler, mostChanges: 500 };
  await new BatchDelivery(options).deliver(batch([create(1), create(2)]), control());
  expect(said).toEqual([
    "1: the handler failed at 2 changes (attempt 1 of 2) and gets them again: never 2",
    "1: the handler failed at 2 changes (attempt 2 of 2) and gets them one by one: never 2",
    "2: the handler failed at a change (attempt 1 of 2) and gets it again: never 2",
  ]);
  expect(failing.now()).toBeNull();
});

test("where each change fails at first, a line in ten seconds says how many did", async () => {
  const { said, time, failing } = rig();
  const handler: Handler = (change, { attempt }) => {
    if (idOf(change) === 4) time.ms = 10_000;
    if (attempt === 1) throw new Error("not yet");
  };
  await delivery(handler, { failing }).deliver(batch([1, 2, 3, 4].map(create)), control());
  expect(said).toEqual([
    "1: the handler failed at a change (attempt 1 of 3) and gets it again: not yet",
    "4: the handler failed at a change (attempt 1 of 3) and gets it again: not yet (and 2 more since the last such line)",
  ]);
});
