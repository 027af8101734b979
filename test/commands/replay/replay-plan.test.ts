import { expect, test } from "@jest/globals";
import type { Admin } from "kafkajs";
import { planLines, planOf, type ReplayStep, stepsBack, topicsOfTables } from "../../../commands/replay/replay-plan";

const TOPICS = ["shop.public.orders", "shop.sales.deals"];

test("tables are found among the topics, by their name behind the prefix", () => {
  expect(topicsOfTables([], TOPICS)).toEqual(TOPICS);
  expect(topicsOfTables(["sales.deals"], TOPICS)).toEqual(["shop.sales.deals"]);
  expect(topicsOfTables(["sales.Größe 1"], ["shop.sales.Gr__e_1"])).toEqual(["shop.sales.Gr__e_1"]);
  expect(() => topicsOfTables(["deals"], TOPICS)).toThrow(
    '--table is "deals"; the consumer reads public.orders, sales.deals',
  );
});

test("topics by transforms have tables' names too, also without a prefix", () => {
  expect(topicsOfTables(["event.order"], ["outbox.event.order", "audit"])).toEqual(["outbox.event.order"]);
  expect(topicsOfTables(["audit"], ["outbox.event.order", "audit"])).toEqual(["audit"]);
});

/** A topic `orders` with two partitions: one was handled up to 40, and in the other nothing is committed. */
const admin = {
  fetchOffsets: () =>
    Promise.resolve([
      {
        topic: "orders",
        partitions: [
          { partition: 0, offset: "40", metadata: null },
          { partition: 1, offset: "-1", metadata: null },
        ],
      },
    ]),
  fetchTopicOffsets: () =>
    Promise.resolve([
      { partition: 0, offset: "50", low: "10", high: "50" },
      { partition: 1, offset: "5", low: "2", high: "5" },
    ]),
  fetchTopicOffsetsByTimestamp: () =>
    Promise.resolve([
      { partition: 0, offset: "35" },
      { partition: 1, offset: "5" },
    ]),
} as unknown as Admin;

test.each([
  [{ kind: "beginning" }, [10n, 2n]],
  [{ kind: "time", ms: 1 }, [35n, 5n]],
  [{ kind: "offset", offset: 20n }, [20n, 20n]],
] as const)("the broker says where %j is", async (start, targets) => {
  const steps = await planOf(admin, "group", ["orders"], start);
  expect(steps.map(({ target }) => target)).toEqual(targets);
  expect(steps.map(({ committed }) => committed)).toEqual([40n, 2n]);
});

const step = (target: bigint): ReplayStep => ({
  topic: "orders",
  partition: 0,
  low: 10n,
  high: 50n,
  committed: 40n,
  target,
});

test("only what goes back is set: a moment after the last handled record repeats nothing and skips nothing", () => {
  expect(stepsBack([step(35n), step(40n), step(45n)], { kind: "time", ms: 1 })).toEqual([step(35n)]);
});

test("an offset that is no longer held, or would skip something, is refused", () => {
  const by = (offset: bigint) => () => stepsBack([step(offset)], { kind: "offset", offset });
  expect(by(9n)).toThrow("--offset is 9; orders/0 holds its records from 10 on");
  expect(by(41n)).toThrow("--offset is 41; orders/0 is handled up to 40, and a replay skips nothing");
  expect(by(40n)()).toEqual([]);
});

test("an offset is one partition's: which one is said, where there are several", () => {
  const steps = [step(20n), { ...step(20n), partition: 1, low: 30n }];
  const by = (partition?: number) => () =>
    stepsBack(steps, { kind: "offset", offset: 20n, ...(partition !== undefined && { partition }) });
  expect(by(0)()).toEqual([step(20n)]);
  expect(by(1)).toThrow("--offset is 20; orders/1 holds its records from 30 on");
  expect(by(2)).toThrow("--partition is 2; orders has 0, 1");
  expect(by()).toThrow("--offset is one partition's, and orders has 0, 1: name it with --partition");
});

test("the plan has the number of records that will be repeated, by partition", () => {
  expect(planLines([step(35n), { ...step(39n), topic: "deals" }])).toEqual([
    "  orders/0  offset 35 to 39: 5 records",
    "  deals/0   offset 39 to 39: 1 record",
  ]);
  // Some offsets are ends of transactions.
  expect(planLines([step(35n)], true)).toEqual(["  orders/0  offset 35 to 39: at most 5 records"]);
});
