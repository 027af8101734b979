import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { stayingTopics } from "../../../components/costs/declared-topics";
import type { AppliedStack } from "../../../components/preflight/applied";
import { Topics } from "../../../components/topics";

jest.mock("../../../components/cluster/brokers/broker-topics", () => ({
  waitForBrokerTopics: () => Promise.resolve([]),
}));

const APPLIED: AppliedStack = {
  ...{ credentials: [], brokers: 1, volumes: [], networks: [], keepsTopics: false },
  ...{ containers: new Map(), brokerVolumes: new Map() },
  topics: ["shop.public.orders", "shop.public.sold", "shop.dead-letters"].map((name) => ({
    ...{ name, retentionMs: 1, compacted: false, partitions: 1 },
  })),
  capture: { captureName: "debezium", captured: ["public.orders", "public.sold", "public.new"] },
};

test("a schema's topics that nobody was asked about stay, and those that were told go", () => {
  const staying = (tables: string[], dropped: string[] = []) =>
    stayingTopics(APPLIED, { tables, topicPrefix: "shop" }, dropped);
  expect(staying(["public.*"])).toEqual(["shop.public.orders", "shop.public.sold"]);
  expect(staying(["public.*"], ["public.sold"])).toEqual(["shop.public.orders"]);
  expect(staying(["public.*", "!public.sold"])).toEqual(["shop.public.orders"]);
  expect(staying(["public.orders"])).toEqual([]);
  expect(stayingTopics(APPLIED, { tables: ["public.*"], topicPrefix: "other" }, [])).toEqual([]);
});

test("a topic that stays is declared, also where its table turns out to be gone", async () => {
  const declared: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      if (type === "kafka:index/topic:Topic") declared.push(name);
      return { id: `${name}-id`, state: inputs as object };
    },
    call: () => ({}),
  });
  new Topics("topics", {
    ...{ bootstrapServers: "127.0.0.1:29092", prefix: "shop", keeps: false },
    ...{ tables: ["public.*"], captured: ["public.orders"], staying: ["shop.public.orders", "shop.public.sold"] },
    ...{ containers: [], pluginAfter: new pulumi.ComponentResource("test:index:Broker", "broker") },
  });
  await pulumi.runtime.disconnect();
  expect(declared.sort()).toEqual(["shop.public.orders", "shop.public.sold"]);
});
