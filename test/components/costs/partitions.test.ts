import { expect, test } from "@jest/globals";
import type { AppliedStack } from "../../../components/preflight/applied";
import { changedPartitions, refuseFewerPartitions } from "../../../components/costs/partitions";
import type { TopicShape } from "../../../components/existing/kafka/kafka-look";
import { topicsIn } from "../../../components/preflight/applied-kafka";

const CONNECTOR = { connectorName: "customer-cdc", topicPrefix: "shop", slotName: "s" };

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
  const refuse = (state: Partial<AppliedStack>, id?: string, present?: ReadonlyMap<string, TopicShape>) => () =>
    refuseFewerPartitions({ ...APPLIED, ...state }, settings, topicsIn({ ...APPLIED, ...state }, id, present));
  for (const [kafkaClusters, id] of [
    [["own"], undefined],
    [["A"], "A"],
    [undefined, "A"],
  ] as const)
    expect(refuse(kafkaClusters ? { kafkaClusters } : {}, id)).toThrow(fewer);
  for (const [kafkaClusters, id] of [
    [["own"], "A"],
    [["A"], undefined],
    [["A"], "B"],
  ] as const)
    expect(refuse({ kafkaClusters }, id)).not.toThrow();
  // After an `up` that failed on the way from A, the topics are in B that B has.
  const amid = { kafkaClusters: ["A", "B"], connector: { ...CONNECTOR, kafkaCluster: "A" } };
  const has = (partitions: number) => new Map([["shop.public.customers", { partitions, replicas: 1 }]]);
  expect(refuse(amid, "B", has(3))).toThrow(fewer);
  expect(refuse(amid, "B", has(1))).not.toThrow();
  expect(refuse(amid, "B", new Map())).not.toThrow();
  expect(refuse({ ...amid, kafkaClusters: ["A", "own"] })).not.toThrow();
});
