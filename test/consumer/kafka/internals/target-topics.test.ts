import { beforeEach, expect, jest, test } from "@jest/globals";
import Cluster from "kafkajs/src/cluster";
import { addTopicsTogether } from "../../../../consumer/kafka/internals/target-topics";

addTopicsTogether();

/** The lists of topics in the requests to the broker. */
const asked: string[][] = [];
const absent = new Set<string>();
let cluster: Cluster;

beforeEach(() => {
  asked.length = 0;
  absent.clear();
  cluster = Object.create(Cluster.prototype) as Cluster;
  jest.spyOn(cluster, "addMultipleTargetTopics").mockImplementation((topics) => {
    asked.push([...topics]);
    return topics.some((topic) => absent.has(topic)) ? Promise.reject(new Error("unknown")) : Promise.resolve();
  });
});

const add = (...topics: string[]) => Promise.allSettled(topics.map((topic) => cluster.addTargetTopic(topic)));

test("topics that are requested at the same moment share a request", async () => {
  await add("a", "b", "c");
  await add("d");
  expect(asked).toEqual([["a", "b", "c"], ["d"]]);
});

test("one that is not there fails alone", async () => {
  absent.add("b");
  const [a, b, c] = await add("a", "b", "c");
  expect([a?.status, b?.status, c?.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(asked).toEqual([["a", "b", "c"], ["a"], ["b"], ["c"]]);
});

test("each cluster gets its own request", async () => {
  const other = Object.create(Cluster.prototype) as Cluster;
  const otherAsked = jest.spyOn(other, "addMultipleTargetTopics").mockResolvedValue();
  await Promise.all([cluster.addTargetTopic("a"), other.addTargetTopic("b")]);
  expect(asked).toEqual([["a"]]);
  expect(otherAsked).toHaveBeenCalledWith(["b"]);
});
