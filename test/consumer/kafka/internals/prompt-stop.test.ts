import { expect, jest, test } from "@jest/globals";
import Runner from "kafkajs/src/consumer/runner";
import { stopWithoutLastFetch } from "../../../../consumer/kafka/internals/prompt-stop";

stopWithoutLastFetch();

const nothing = () => undefined;
const quiet = { namespace: () => quiet, debug: nothing, error: nothing, info: nothing, warn: nothing };

/** kafkajs's runner of a consumer, with a broker that answers when the test tells it to. */
async function started() {
  let answer: (batches: unknown[]) => void = nothing;
  let refuse: (error: Error) => void = nothing;
  const asked = jest.fn();
  const group = {
    groupId: "g",
    memberId: "m",
    connect: () => Promise.resolve(),
    getNodeIds: () => [1],
    joinAndSync: () => Promise.resolve(),
    heartbeat: jest.fn(() => Promise.resolve()),
    commitOffsets: () => Promise.resolve(),
    leave: jest.fn(() => Promise.resolve()),
    fetch: () =>
      new Promise<unknown[]>((resolve, reject) => {
        asked();
        answer = resolve;
        refuse = reject;
      }),
  };
  const runner = new Runner({
    logger: quiet,
    consumerGroup: group,
    instrumentationEmitter: { emit: nothing },
    concurrency: 1,
    onCrash: nothing,
    retry: { retries: 0 },
  });
  await runner.start();
  return { runner, group, asked, answer: () => answer([]), refuse: (error: Error) => refuse(error) };
}

test("a stop leaves the group without the answer to the fetch under way", async () => {
  const { runner, group, asked } = await started();
  expect(asked).toHaveBeenCalledTimes(1);
  await runner.stop();
  expect(group.leave).toHaveBeenCalledTimes(1);
});

test("an answer after the stop, good or bad, is ignored", async () => {
  for (const late of ["answer", "refuse"] as const) {
    const consumer = await started();
    await consumer.runner.stop();
    consumer[late](new Error("closed"));
    await new Promise(setImmediate);
    expect(consumer.asked).toHaveBeenCalledTimes(1);
  }
});

test("fetches that end leave no listener behind", async () => {
  const { runner, asked, answer } = await started();
  for (let fetch = 1; fetch <= 20; fetch++) {
    answer();
    await new Promise(setImmediate);
    expect(asked).toHaveBeenCalledTimes(fetch + 1);
  }
  expect(runner.listenerCount("stopping")).toBe(1);
  await runner.stop();
});
