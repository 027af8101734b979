import { beforeEach, expect, jest, test } from "@jest/globals";
import { waitForBrokerTopics } from "../../../../components/cluster/brokers/broker-topics";
import type { KafkaAccess, KafkaAddress } from "../../../../components/existing/kafka/kafka-access";

/** The brokers that were asked, and the number of further requests before a registered broker drops the connection. */
const asked: string[] = [];
const silentFor = new Map<string, number>();
let registered = [1, 2, 3];
/** The topics that each further request finds. The last list is repeated. */
let lists = [["a"]];

jest.mock("../../../../components/preflight/broker-look", () => ({
  withBroker: async (kafka: KafkaAddress, _deadlineMs: number, work: (admin: object, topics: string[]) => unknown) => {
    const { servers } = typeof kafka === "string" ? { servers: kafka } : kafka;
    asked.push(servers);
    const left = silentFor.get(servers) ?? 0;
    silentFor.set(servers, left - 1);
    if (left > 0) throw new Error(`Connection to ${servers} closed`);
    return work(
      { describeCluster: () => ({ brokers: registered.map((nodeId) => ({ nodeId })) }) },
      (lists.length > 1 ? lists.shift() : lists[0])!,
    );
  },
}));

beforeEach(() => {
  asked.length = 0;
  silentFor.clear();
  registered = [1, 2, 3];
  lists = [["a"]];
});

test("the wait for many topics goes on as long as further ones come", async () => {
  const names = Array.from({ length: 40 }, (_, at) => `t${at}`);
  lists = names.map((_, at) => names.slice(0, at + 1));
  // Together they take 40 looks of 50 ms and more.
  expect(await waitForBrokerTopics("127.0.0.1:1", names, { deadlineMs: 1000 })).toEqual(names);
  lists = [names.slice(0, 2)];
  await expect(waitForBrokerTopics("127.0.0.1:1", names, { deadlineMs: 100 })).rejects.toThrow(
    "no topic t2, t3, t4, t5, t6 and 33 more. Look at the broker",
  );
});

const THREE = "127.0.0.1:1,127.0.0.1:2,127.0.0.1:3";

test("several brokers are there once each of them answers, and not once each has registered", async () => {
  silentFor.set("127.0.0.1:3", 2);
  expect(await waitForBrokerTopics(THREE, [], { brokers: 3 })).toEqual(["a"]);
  expect(asked.filter((each) => each === "127.0.0.1:3")).toHaveLength(3);
});

test("a wait that ends names the broker that did not answer, or that is missing", async () => {
  silentFor.set("127.0.0.1:2", Infinity);
  await expect(waitForBrokerTopics(THREE, [], { brokers: 3, deadlineMs: 200 })).rejects.toThrow(
    /127\.0\.0\.1:2 closed/,
  );
  silentFor.clear();
  registered = [1, 3];
  await expect(waitForBrokerTopics(THREE, [], { brokers: 3, deadlineMs: 200 })).rejects.toThrow(
    /2 of 3 brokers, without kafka-2/,
  );
});

test("each broker is asked with the cluster's security, and a Kafka with one name by all its servers at once", async () => {
  const access: KafkaAccess = { servers: THREE, sasl: { mechanism: "plain", username: "me", password: "secret" } };
  await waitForBrokerTopics(access, ["a"], { brokers: 3 });
  await waitForBrokerTopics(access, ["a"]);
  expect(asked).toEqual([...THREE.split(","), THREE]);
});
