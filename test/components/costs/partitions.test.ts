import { expect, test } from "@jest/globals";
import type { AppliedStack } from "../../../components/preflight/applied";
import { changedPartitions, refuseFewerPartitions } from "../../../components/costs/partitions";

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

test("topics in another Kafka are made anew, with as many partitions as declared", () => {
  const settings = { partitions: 1, topicPrefix: "shop" };
  const fewer = /^cdc:partitions is 1, but shop.public.customers has 3 partitions: Kafka takes none away/;
  for (const [kafkaClusters, clusterId] of [
    [["own"], undefined],
    [["A"], "A"],
    [["own", "A"], "A"],
  ] as const)
    expect(() => refuseFewerPartitions({ ...APPLIED, kafkaClusters }, settings, clusterId)).toThrow(fewer);
  expect(() => refuseFewerPartitions(APPLIED, settings, "A")).toThrow(fewer);
  for (const [kafkaClusters, clusterId] of [
    [["own"], "A"],
    [["A"], undefined],
    [["A"], "B"],
  ] as const)
    expect(() => refuseFewerPartitions({ ...APPLIED, kafkaClusters }, settings, clusterId)).not.toThrow();
});
