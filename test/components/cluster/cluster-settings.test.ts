import { expect, test } from "@jest/globals";
import { refuseFewerBrokers } from "../../../components/cluster/brokers/fewer-brokers";
import { durabilityOf } from "../../../components/cluster/durability";
import { memberIndex, memberPort, memberRole } from "../../../components/cluster/members";
import { portClashes, portsOf } from "../../../components/cluster/ports";
import { type Beside, clusterProblems, type ClusterSettings } from "../../../components/cluster/cluster-settings";

const ONE: ClusterSettings = { brokers: 1, connectWorkers: 1, consumers: 1 };
const BESIDE: Beside = {
  ...{ existingKafka: false, existingConnect: false, noConsumer: false },
  ...{ replicationFactor: 0, minInsyncReplicas: 0, partitions: 6, tables: 1 },
};

test("the cluster of the docs is taken, and one of each", () => {
  expect(clusterProblems({ brokers: 3, connectWorkers: 2, consumers: 3 }, BESIDE)).toEqual([]);
  expect(clusterProblems(ONE, { ...BESIDE, partitions: 1 })).toEqual([]);
});

test.each<[Partial<ClusterSettings>, Partial<Beside>, string, string]>([
  [{ brokers: 2 }, {}, "brokers", " is 2; allowed: 1, 3, 5, 7. 2 bear no more failures than 1, "],
  [{ brokers: 4 }, {}, "brokers", " is 4; allowed: 1, 3, 5, 7. 4 bear no more failures than 3, "],
  [{ brokers: 3 }, { existingKafka: true }, "brokers", " is 3, but the brokers are those of cdc:bootstrapServers."],
  [
    { connectWorkers: 2 },
    { existingKafka: true, existingConnect: true },
    "connectWorkers",
    " is 2, but the workers are those of cdc:connectUrl.",
  ],
  [{ consumers: 2 }, { noConsumer: true }, "consumers", " is 2, but cdc:consumer is none."],
  [
    { consumers: 3 },
    { partitions: 1, tables: 2 },
    "consumers",
    " is 3, but the tables' topics have 2 partitions in all: 1 of them would have nothing to read. Raise cdc:partitions to 2 at least.",
  ],
  [{}, { replicationFactor: 3 }, "replicationFactor", " is 3, but the stack's own Kafka is one broker: each keeps one"],
  [{ brokers: 3 }, { replicationFactor: 5 }, "replicationFactor", " is 5, but there are 3 brokers: each keeps one"],
  [{}, { minInsyncReplicas: 2 }, "minInsyncReplicas", " is 2, more than the 1 copy there can be of each record"],
  [
    { brokers: 3 },
    { minInsyncReplicas: 3 },
    "minInsyncReplicas",
    " is 3, as many as there are copies: while any one broker is down nothing could be written. 2 is the most.",
  ],
])("%j beside %j", (settings, beside, key, sentence) => {
  expect(clusterProblems({ ...ONE, ...settings }, { ...BESIDE, ...beside })).toEqual([
    [key, expect.stringContaining(sentence)],
  ]);
});

test("the number of a whole schema's tables is not known; somebody else's Kafka is asked for its copies", () => {
  expect(clusterProblems({ ...ONE, consumers: 9 }, { ...BESIDE, partitions: 1, tables: undefined })).toEqual([]);
  expect(clusterProblems(ONE, { ...BESIDE, existingKafka: true, replicationFactor: 3 })).toEqual([]);
});

test.each([
  [{ brokers: 1 }, { copies: 1, minInsync: 1 }],
  [{ brokers: 3 }, { copies: 3, minInsync: 2 }],
  [{ brokers: 5 }, { copies: 3, minInsync: 2 }],
  [
    { brokers: 3, replicationFactor: 1 },
    { copies: 1, minInsync: 1 },
  ],
  [
    { brokers: 3, replicationFactor: 2 },
    { copies: 2, minInsync: 1 },
  ],
  [
    { brokers: 3, minInsyncReplicas: 1 },
    { copies: 3, minInsync: 1 },
  ],
])("%j keeps %j", (asked, durability) => {
  expect(durabilityOf(asked)).toEqual(durability);
});

test("the first of several is called and found as an only one is", () => {
  expect([1, 2, 3].map((index) => memberRole("kafka", index))).toEqual(["kafka", "kafka-2", "kafka-3"]);
  expect([1, 2, 3].map((index) => memberPort(29092, index))).toEqual([29092, 29093, 29094]);
  const names = ["kafka", "kafka-2", "kafka-12", "kafka-data", "kafka-2-data", "kafka-02", "kafk", "connect-2"];
  expect(names.map((name) => memberIndex("kafka", name))).toEqual([1, 2, 12, ...Array<undefined>(5).fill(undefined)]);
});

const PORTS = { postgresPort: 55432, kafkaPort: 29092, connectPort: 8083, consumerPort: 8088 };

test("the further members' ports follow, and must not be other settings' ports", () => {
  expect(portsOf({ ...PORTS, brokers: 3, connectWorkers: 2 })).toEqual({
    ...{ postgresPort: [55432], kafkaPort: [29092, 29093, 29094], connectPort: [8083, 8084], consumerPort: [8088] },
  });
  expect(portClashes({ ...PORTS, brokers: 3, connectWorkers: 5, consumers: 9 }, "cdc")).toEqual([]);
  expect(portClashes({ ...PORTS, consumerPort: 8084, connectWorkers: 2 }, "cdc")).toEqual([
    ["consumerPort", "a port of its own; cdc:connectPort has this one already"],
  ]);
  expect(portClashes({ ...PORTS, consumerPort: 8080, consumers: 4 }, "cdc")).toEqual([
    ["consumerPort", "a port of its own; cdc:connectPort has 8083, which follows it, already"],
  ]);
  expect(portClashes({ ...PORTS, kafkaPort: 65534, brokers: 3 }, "cdc")).toEqual([
    ["kafkaPort", "a port with room for those that follow it"],
  ]);
  const same = { ...PORTS, consumerPort: PORTS.connectPort };
  expect(portClashes({ ...same, consumer: "none" }, "cdc")).toEqual([]);
  expect(portClashes({ ...same, consumer: "handler" }, "cdc")).toHaveLength(1);
  expect(portsOf({ ...PORTS, consumer: "none", consumers: 3 }).consumerPort).toEqual([]);
  const existingConnect = { url: "http://connect.example:8083", security: {} };
  expect(portClashes({ ...same, existingConnect }, "cdc")).toEqual([]);
});

test("a stack may get more brokers, and no fewer, since nothing of it goes", () => {
  for (const before of [0, 1, 3]) expect(() => refuseFewerBrokers({ brokers: before }, { brokers: 3 })).not.toThrow();
  expect(() => refuseFewerBrokers({ brokers: 3 }, {})).toThrow(
    /^cdc:brokers is 1, but this stack has 3: what only the others hold would be lost, .* Set it back to 3; or begin anew/,
  );
  // All of them go, which is told as a cost.
  const existingKafka = { servers: "k:9092", internalServers: "k:9092", security: { protocol: "PLAINTEXT" as const } };
  expect(() => refuseFewerBrokers({ brokers: 3 }, { brokers: 1, existingKafka })).not.toThrow();
});
