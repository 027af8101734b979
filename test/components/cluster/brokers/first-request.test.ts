import { beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { connectPlugin } from "../../../../components/cluster/brokers/first-request";
import { Topics } from "../../../../components/topics";

// A broker that has one topic.
jest.mock("../../../../components/cluster/brokers/broker-topics", () => ({
  waitForBrokerTopics: () => Promise.resolve(["__consumer_offsets"]),
}));

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
  provider = new kafka.Provider("kafka", { bootstrapServers: ["127.0.0.1:29092"] });
});

beforeEach(() => {
  seen.length = 0;
  answer = () => ({});
});

test("the plugin's first request is about an existing topic, or about all when there is none", async () => {
  await connectPlugin(provider, ["__consumer_offsets", "cdctest.public.customers"]);
  await connectPlugin(provider, []);
  expect(seen.filter(([token]) => token.includes("getTopic"))).toEqual([
    ["kafka:index:getTopic", "__consumer_offsets"],
    ["kafka:index:getTopics", undefined],
  ]);
});

test("an answer that fails is no failure: the topic that cannot be made says it", async () => {
  answer = () => {
    throw new Error("kafka: client has run out of available brokers to talk to");
  };
  await expect(connectPlugin(provider, ["a"])).resolves.toBeUndefined();
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
