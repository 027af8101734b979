import { expect, test } from "@jest/globals";
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
  hookRunners(eachBatch, { fetching: nothing, heartbeatRefused: done, ...hooks });
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

test("a runner without hooks is as it was", async () => {
  const failure = new Error("closed");
  const run = runner(() => Promise.resolve(), { heartbeat: () => Promise.reject(failure) });
  await expect(run.heartbeat()).rejects.toBe(failure);
});
