import { expect, test } from "@jest/globals";
import Group from "kafkajs/src/consumer/consumerGroup";
import Runner, { type ConsumerGroup, type EachBatch } from "kafkajs/src/consumer/runner";
import { type RunnerHooks, hookRunners, makeRunnersHookable } from "../../../../consumer/kafka/internals/runner-hooks";

makeRunnersHookable();

const nothing = () => undefined;
const quiet = { namespace: () => quiet, debug: nothing, error: nothing, info: nothing, warn: nothing };
const done = () => Promise.resolve();

function runner(eachBatch: EachBatch, group: Partial<ConsumerGroup>): Runner {
  const consumerGroup: ConsumerGroup = {
    groupId: "g",
    memberId: "m",
    connect: done,
    getNodeIds: () => [1],
    joinAndSync: done,
    heartbeat: done,
    fetch: () => new Promise((resolve) => setImmediate(resolve, [])),
    commitOffsets: done,
    leave: done,
    ...group,
  };
  const retry = { retries: 0 };
  const instrumentationEmitter = { emit: nothing };
  return new Runner({
    logger: quiet,
    consumerGroup,
    instrumentationEmitter,
    concurrency: 1,
    eachBatch,
    onCrash: nothing,
    retry,
  });
}

function hooked(hooks: Partial<RunnerHooks>): EachBatch {
  const eachBatch = () => Promise.resolve();
  hookRunners(eachBatch, { fetching: nothing, begins: nothing, heartbeatRefused: done, ...hooks });
  return eachBatch;
}

test("a hook sees the group before each fetch, and says how long the broker may wait", async () => {
  const waits: (number | undefined)[] = [];
  let next = 1;
  const eachBatch = hooked({ fetching: (group) => (group.maxWaitTime = next++) });
  const run = runner(eachBatch, {
    fetch(this: ConsumerGroup) {
      waits.push(this.maxWaitTime);
      if (waits.length === 3) void run.stop();
      return new Promise((resolve) => setImmediate(resolve, []));
    },
  });
  await run.start();
  while (waits.length < 3) await new Promise(setImmediate);
  expect(waits).toEqual([1, 2, 3]);
});

test("before the group is joined again, what the hook has to do is waited for", async () => {
  const order: string[] = [];
  const refused = Object.assign(new Error("rebalancing"), { type: "REBALANCE_IN_PROGRESS" });
  let refusals = 0;
  const run = runner(
    hooked({
      heartbeatRefused: async ({ type }) => {
        order.push(`refused: ${type}`);
        await new Promise(setImmediate);
        order.push("ready");
      },
    }),
    {
      heartbeat: () => (refusals++ === 0 ? Promise.reject(refused) : Promise.resolve()),
      joinAndSync: async () => void order.push("join"),
    },
  );
  await run.start();
  while (order.length < 4) await new Promise(setImmediate);
  await run.stop();
  expect(order).toEqual(["join", "refused: REBALANCE_IN_PROGRESS", "ready", "join"]);
});

test("after each join, before its first fetch, the hook gets the offsets at which that begins", async () => {
  const told: unknown[] = [];
  const eachBatch = hooked({ begins: (_group, committed) => told.push(committed) });
  let joins = 0;
  const membership = (offset: string) => ({
    committedOffsets: () => ({ t: { 0: offset } }),
    resolveOffsets: done,
  });
  const refused = Object.assign(new Error("rebalancing"), { type: "REBALANCE_IN_PROGRESS" });
  let fetches = 0;
  const group: Partial<ConsumerGroup> = {
    joinAndSync(this: ConsumerGroup) {
      this.offsetManager = membership(String(joins++));
      return Promise.resolve();
    },
    // As kafkajs's own does, before it asks the broker.
    async fetch(this: ConsumerGroup) {
      await Group.prototype.seekOffsets.call(this as never, []);
      if (++fetches === 4) void run.stop();
      return new Promise((resolve) => setImmediate(resolve, []));
    },
    heartbeat: () => (fetches === 2 ? Promise.reject(refused) : Promise.resolve()),
  };
  const run = runner(eachBatch, group);
  await run.start();
  while (fetches < 4) await new Promise(setImmediate);
  expect([joins, told]).toEqual([2, [{ t: { 0: "0" } }, { t: { 0: "1" } }]]);
});

test("a batch that was fetched before the group was joined again is left", async () => {
  const taken: number[] = [];
  const eachBatch: EachBatch = ({ batch }) => Promise.resolve(void taken.push(batch.partition));
  hookRunners(eachBatch, { fetching: nothing, begins: nothing, heartbeatRefused: done });
  const batch = (partition: number) => ({
    ...{ topic: "t", partition, highWatermark: "1", messages: [{ offset: "0" }] },
    offsetLag: nothing,
    offsetLagLow: nothing,
    firstOffset: () => "0",
    lastOffset: () => "0",
    isEmptyDueToFiltering: () => false,
    isEmpty: () => false,
  });
  const run = runner(eachBatch, { fetch: () => Promise.resolve([batch(0), batch(1)]) });
  (run as unknown as { running: boolean }).running = true;
  Object.assign(run.consumerGroup, { resolveOffset: nothing });
  const membership = () => ({ committedOffsets: () => ({}) });
  run.consumerGroup.offsetManager = membership();
  const [first, second] = await run.fetch(1);
  await run.handleBatch(first!);
  run.consumerGroup.offsetManager = membership();
  await run.handleBatch(second!);
  expect(taken).toEqual([0]);
});

test("a runner without hooks is as it was", async () => {
  const failure = new Error("closed");
  const run = runner(() => Promise.resolve(), { heartbeat: () => Promise.reject(failure) });
  await expect(run.heartbeat()).rejects.toBe(failure);
});
