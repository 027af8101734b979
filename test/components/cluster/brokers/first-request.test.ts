import { beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { connectPlugin } from "../../../../components/cluster/brokers/first-request";
import { Topics } from "../../../../components/topics";

const describeGroups = jest.fn<() => Promise<unknown>>();
jest.mock("../../../../components/preflight/broker-look", () => ({
  withBroker: (_kafka: string, _ms: number, work: (admin: object) => unknown) => work({ describeGroups }),
}));
// A broker that has one topic.
jest.mock("../../../../components/cluster/brokers/broker-topics", () => ({
  waitForBrokerTopics: () => Promise.resolve(["__consumer_offsets"]),
}));

const BROKER = "127.0.0.1:29092";
/** The requests to the engine, in their order. */
const seen: [string, unknown][] = [];
let answer: () => object;
let provider: kafka.Provider;

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      seen.push([type, name]);
      return { id: `${name}-id`, state: inputs as object };
    },
    call: ({ token, inputs }) => {
      seen.push([token, inputs["name"]]);
      return answer();
    },
  });
  provider = new kafka.Provider("kafka", { bootstrapServers: [BROKER] });
});

beforeEach(() => {
  seen.length = 0;
  describeGroups.mockReset().mockResolvedValue({ groups: [] });
  answer = () => ({});
});

const asked = () => seen.filter(([token]) => token.includes("getTopic"));

test("the plugin's first request is about an existing topic", async () => {
  await connectPlugin(provider, BROKER, ["cdctest.public.customers", "__consumer_offsets"]);
  expect(asked()).toEqual([["kafka:index:getTopic", "cdctest.public.customers"]]);
  expect(describeGroups).not.toHaveBeenCalled();
});

test("brokers without a topic make the one of groups first, which takes them more than one request", async () => {
  describeGroups.mockRejectedValueOnce(new Error("The group coordinator is not available"));
  await connectPlugin(provider, BROKER, []);
  expect(describeGroups.mock.calls).toEqual([[["cdc-look"]], [["cdc-look"]]]);
  expect(asked()).toEqual([["kafka:index:getTopic", "__consumer_offsets"]]);
});

test("a topic that is just being made is asked for again: before it has leaders, the plugin does not connect", async () => {
  let left = 2;
  answer = () => {
    if (left-- > 0)
      throw new Error(
        "kafka server: In the middle of a leadership election, there is currently no leader for this partition",
      );
    return {};
  };
  await connectPlugin(provider, BROKER, ["__consumer_offsets"]);
  expect(asked()).toHaveLength(3);
});

test("brokers that let nobody ask for groups are asked for all topics", async () => {
  jest.useFakeTimers();
  try {
    describeGroups.mockRejectedValue(new Error("Not authorized to access group"));
    const done = connectPlugin(provider, BROKER, []);
    await jest.advanceTimersByTimeAsync(20_000);
    await done;
  } finally {
    jest.useRealTimers();
  }
  expect(asked()).toEqual([["kafka:index:getTopics", undefined]]);
});

test("an answer that fails is no failure: the topic that cannot be made says it", async () => {
  answer = () => {
    throw new Error("kafka: client has run out of available brokers to talk to");
  };
  jest.useFakeTimers();
  try {
    const done = connectPlugin(provider, BROKER, ["a"]);
    await jest.advanceTimersByTimeAsync(20_000);
    await expect(done).resolves.toBeUndefined();
  } finally {
    jest.useRealTimers();
  }
});

test.each([
  ["the stack's own brokers", true],
  ["somebody else's", false],
])("no topic is requested before the plugin has its answer from %s", async (name, own) => {
  const broker = new pulumi.ComponentResource("test:index:Broker", name);
  new Topics(name, {
    ...{ bootstrapServers: "127.0.0.1:29092", prefix: name, keeps: true, pluginAfter: broker },
    ...{ tables: ["public.a", "public.b"], captured: ["public.a", "public.b"] },
    ...(own && { containers: [broker] }),
  });
  await pulumi.runtime.disconnect();
  const order = seen.map(([token]) => token).filter((token) => /topic/i.test(token) && !token.startsWith("cdc:"));
  expect(order).toEqual(["kafka:index:getTopic", "kafka:index/topic:Topic", "kafka:index/topic:Topic"]);
});
