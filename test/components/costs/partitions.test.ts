import { expect, test } from "@jest/globals";
import type { AppliedStack } from "../../../components/preflight/applied";
import { changedPartitions } from "../../../components/costs/partitions";

const APPLIED: AppliedStack = {
  credentials: [],
  brokers: 1,
  volumes: [],
  networks: [],
  containers: new Map(),
  brokerVolumes: new Map(),
  topics: [
    { name: "shop.public.customers", retentionMs: 1, compacted: false, partitions: 3 },
    { name: "shop.message", retentionMs: 1, compacted: false, partitions: 1 },
  ],
  keepsTopics: true,
  capture: { captureName: "debezium", captured: ["public.customers"] },
};

test("only tables' topics have as many partitions as declared", () => {
  expect(changedPartitions(APPLIED, { partitions: 3, topicPrefix: "shop" })).toEqual({ fewer: [], more: [] });
  expect(changedPartitions(APPLIED, { partitions: 1, topicPrefix: "shop" })).toEqual({
    fewer: ["shop.public.customers has 3 partitions"],
    more: [],
  });
  expect(changedPartitions(APPLIED, { partitions: 6, topicPrefix: "shop" })).toEqual({
    fewer: [],
    more: ["shop.public.customers has 3 partitions"],
  });
  // With another prefix, it is another topic.
  expect(changedPartitions(APPLIED, { partitions: 1, topicPrefix: "new" })).toEqual({ fewer: [], more: [] });
});
