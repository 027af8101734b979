import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { findKafka } from "../../../../components/existing/kafka/look-at-kafka";

/** The brokers that answer, the topics that are there, and the copies that each topic was to be made with. */
let answering = 3;
let there: string[] = [];
let asked: number[] = [];
let port = 0;
jest.mock("../../../../consumer/kafka/quiet-kafka", () => ({
  quietKafka: () => ({ admin: () => admin }),
}));
const admin = {
  connect: () => Promise.resolve(),
  disconnect: () => Promise.resolve(),
  listTopics: () => Promise.resolve(there),
  describeCluster: () =>
    Promise.resolve({
      clusterId: "A",
      brokers: Array.from({ length: answering }, () => ({ host: "127.0.0.1", port })),
    }),
  fetchTopicMetadata: () =>
    Promise.resolve({ topics: there.map((name) => ({ name, partitions: [{ replicas: [1, 2, 3] }] })) }),
  fetchOffsets: () => Promise.resolve([]),
  createTopics: ({ topics }: { topics: { replicationFactor: number }[] }) => {
    asked = topics.map(({ replicationFactor }) => replicationFactor);
    return asked.some((copies) => copies > answering)
      ? Promise.reject(new Error("Replication factor is larger than the number of available brokers"))
      : Promise.resolve(true);
  },
};
jest.spyOn(pulumi.log, "info").mockResolvedValue();

let broker: Server;
beforeAll(async () => {
  broker = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
  ({ port } = broker.address() as AddressInfo);
});
afterAll(() => void broker.close());

const settings = {
  existingKafka: { servers: "k:9093", internalServers: "k:9093", security: { protocol: "PLAINTEXT" as const } },
  existingConnect: undefined,
  ...{ prefix: "shop-prod", topicPrefix: "shop", captureName: "cdc", tables: ["public.orders"], brokers: 1 },
  ...{ partitions: 1, minInsyncReplicas: 2, exactlyOnce: false, maxRecordMb: 16 },
  ...{ retentionMs: 86_400_000, cleanupPolicy: "delete" as const },
};
const NAMES = [
  ...["shop.public.orders", "shop.message", "shop.dead-letters", "shop.dead-letters-retry", "shop.cdc.signals"],
  ...["__debezium-heartbeat.shop", "__debezium-notifications.shop"],
  ...["configs", "offsets", "statuses"].map((each) => `shop-prod-connect-${each}`),
];
const applied = {
  topics: NAMES.map((name) => ({ name, copies: 3, retentionMs: 1, compacted: false, partitions: 1 })),
  kafkaClusters: ["A"],
};
const copies = async (state: object = applied, more: object = {}) =>
  (await findKafka({ ...settings, ...more } as never, state as never, true))?.kafka.replicationFactor;

beforeEach(() => {
  answering = 3;
  there = NAMES;
  asked = [];
});

test("a broker that is down takes no copies away from topics that have them", async () => {
  answering = 2;
  expect(await copies()).toBe(3);
  // Nor does it end an `up` that makes no topic.
  expect(await copies(applied, { replicationFactor: 3 })).toBe(3);
  expect(asked).toEqual([]);
});

test("without topics of the stack's there are as many copies as brokers that answer, 3 at most", async () => {
  there = [];
  expect(await copies({ topics: [] })).toBe(3);
  answering = 2;
  expect(await copies({ topics: [] })).toBe(2);
  // These are in another Kafka.
  expect(await copies({ ...applied, kafkaClusters: ["B"] })).toBe(2);
  await expect(copies({ topics: [] }, { replicationFactor: 3 })).rejects.toThrow(
    /is 3, but Kafka at k:9093 has 2 brokers/,
  );
  answering = 5;
  expect(await copies({ topics: [] })).toBe(3);
});

test("after an `up` that failed on the way from another Kafka, only what this one has counts as the stack's", async () => {
  const amid = { ...applied, kafkaClusters: ["A", "B"], connector: { kafkaCluster: "B" } };
  const look = (more: object = {}) => findKafka(settings as never, { ...amid, ...more } as never, true);
  there = NAMES.slice(0, 2);
  answering = 1;
  await expect(look()).rejects.toThrow("The stack's other topics have 3 copies, and 1 broker answers");
  answering = 3;
  const found = await look({ othersTopics: { clusterId: "A", names: [NAMES[0]] } });
  expect(found?.known.map(({ name }) => name)).toEqual([NAMES[1]]);
  expect([...found!.existing]).toEqual([NAMES[0]]);
  // None is here yet: the other one's copies say nothing of this one.
  there = [];
  answering = 2;
  expect((await look())?.kafka.replicationFactor).toBe(2);
});

test("somebody else's topic is not the stack's, though the state has one of its name from another Kafka", async () => {
  const state = { ...applied, othersTopics: { clusterId: "A", names: [NAMES[0]] } };
  const found = await findKafka(settings as never, state as never, true);
  expect([...found!.existing]).toEqual([NAMES[0]]);
});

test("copies that somebody sets are taken, fewer and more", async () => {
  expect(await copies(applied, { replicationFactor: 2 })).toBe(2);
  await expect(copies(applied, { replicationFactor: 4 })).rejects.toThrow(/is 4, but Kafka at k:9093 has 3 brokers/);
});

test("a topic that is to be made while a broker is down is refused, and why", async () => {
  answering = 2;
  there = NAMES.slice(1);
  await expect(copies()).rejects.toThrow(
    "would not make the topic shop.public.orders (Replication factor is larger than the number of available brokers): Replication factor " +
      "is larger than the number of available brokers. The stack's other topics have 3 copies, and 2 brokers answer: a new one is made once all do.",
  );
});
