import { expect, test } from "@jest/globals";
import { findQuorum, quorumIn, quorumLabel } from "../../../../components/cluster/brokers/quorum-id";
import { type AppliedStack, type BrokerVolume, parseApplied } from "../../../../components/preflight/applied";

const CLUSTER = { coordination: "kraft", brokers: 3, prefix: "cdc-dev", existingKafka: undefined } as const;

/** The state after an `up`. */
function applied(volumes: Record<string, Partial<BrokerVolume>>, topics: string[] = []): AppliedStack {
  const brokerVolumes = Object.entries(volumes).map(([name, volume]): [string, BrokerVolume] => [
    name,
    { coordination: "kraft", ...volume },
  ]);
  const declared = topics.map((name) => ({ name, retentionMs: -1, compacted: false, partitions: 1 }));
  return { ...parseApplied({}), brokerVolumes: new Map(brokerVolumes), topics: declared };
}

test("an only broker, ZooKeeper's and somebody else's need no id of ours", async () => {
  expect(await findQuorum(applied({}), { ...CLUSTER, brokers: 1 })).toBeUndefined();
  expect(await findQuorum(applied({}), { ...CLUSTER, coordination: "zookeeper" })).toBeUndefined();
});

test("a new cluster has an id that Kafka takes, another each time; a state's id stays, also when an up was killed between two volumes", async () => {
  const ids = await Promise.all([1, 2].map(async () => (await findQuorum(applied({}), CLUSTER))!.clusterId));
  for (const id of ids) expect(id).toMatch(/^\w[\w-]{21}$/);
  expect(ids[0]).not.toBe(ids[1]);
  const half = { "cdc-dev-kafka-2-data": { clusterId: "abc" }, "other-kafka-data": { clusterId: "def" } };
  expect(await findQuorum(applied(half), CLUSTER)).toEqual({ clusterId: "abc", unlabelled: [] });
});

test("the volume of an earlier only broker is not labelled, so that it is not made again", async () => {
  const grown = { "cdc-dev-kafka-data": {}, "cdc-dev-kafka-2-data": { clusterId: "abc" } };
  const quorum = await findQuorum(applied(grown), CLUSTER);
  expect(quorum).toEqual({ clusterId: "abc", unlabelled: [1] });
  expect([1, 2, 3].map((index) => quorumLabel(quorum, index))).toEqual([
    {},
    { "cdc.cluster": "abc" },
    { "cdc.cluster": "abc" },
  ]);
  expect(
    quorumIn({ brokerVolumes: new Map([["cdc-dev-two-kafka-data", { coordination: "kraft" }]]) }, "cdc-dev"),
  ).toEqual({
    members: [],
    unlabelled: [],
  });
});

test("what would split the cluster or cannot be asked is refused by name", async () => {
  await expect(
    findQuorum(applied({ "cdc-dev-kafka-2-data": { clusterId: "abc" } }, ["cdctest.public.customers"]), CLUSTER),
  ).rejects.toThrow(/^The volume cdc-dev-kafka-data is not in the stack's state any more, .* Nothing was changed\.$/);
  await expect(
    findQuorum({ ...applied({ "cdc-dev-kafka-data": {} }), bootstrapServers: "127.0.0.1:1" }, CLUSTER),
  ).rejects.toThrow(/the cluster's id from cdc-dev-kafka, which does not answer at 127\.0\.0\.1:1 /);
});
