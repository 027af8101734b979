import { expect, test } from "@jest/globals";
import { wantedTopics } from "../../../../components/existing/kafka/look-at-kafka";

const settings = {
  existingKafka: { servers: "k:9093", internalServers: "k:9093", security: { protocol: "PLAINTEXT" as const } },
  existingConnect: undefined,
  ...{ prefix: "shop-prod", topicPrefix: "shop", captureName: "cdc", tables: ["public.orders"], brokers: 1 },
  ...{ partitions: 3, minInsyncReplicas: 2, exactlyOnce: true, maxRecordMb: 16 },
  ...{ retentionMs: 86_400_000, cleanupPolicy: "compact,delete" as const },
};

test("a Kafka is asked for each topic with all the config that it will have", () => {
  const shared = { "min.insync.replicas": "2", "max.message.bytes": "16777216", "retention.ms": "604800000" };
  const wanted = Object.fromEntries(wantedTopics(settings as never).map(({ name, ...rest }) => [name, rest]));
  expect(wanted["shop.public.orders"]).toEqual({
    partitions: 3,
    config: { ...shared, "cleanup.policy": "compact,delete", "retention.ms": "86400000", "segment.ms": "21600000" },
  });
  const beside = { partitions: 1, config: { ...shared, "cleanup.policy": "delete" } };
  expect(wanted["shop.message"]).toEqual(beside);
  expect(wanted["__debezium-heartbeat.shop"]).toEqual(beside);
  const kept = { ...beside, config: { ...beside.config, "retention.ms": "-1" } };
  expect(wanted["shop.dead-letters"]).toEqual(kept);
  expect(wanted["shop.dead-letters-retry"]).toEqual(kept);
  expect(wanted["shop-prod-connect-offsets"]).toEqual({
    partitions: 1,
    config: { ...shared, "cleanup.policy": "compact", "segment.bytes": "4194304" },
  });
});
