import { expect, test } from "@jest/globals";
import type { ITopicMetadata } from "kafkajs";
import { outOfSync, raisedCopies } from "../../../../components/cluster/brokers/raise-copies";

const topic = (name: string, ...replicas: number[][]): ITopicMetadata => ({
  name,
  partitions: replicas.map((each, partitionId) => ({
    ...{ partitionErrorCode: 0, partitionId, leader: each[0]!, replicas: each, isr: each.slice(0, 2) },
  })),
});

test("topics of one broker get copies on all three, and each broker leads some of the partitions", () => {
  expect(raisedCopies([topic("b", [1], [1], [1]), topic("a", [1])], [3, 1, 2], 3)).toEqual([
    { topic: "a", partitionAssignment: [{ partition: 0, replicas: [1, 2, 3] }] },
    {
      topic: "b",
      partitionAssignment: [
        { partition: 0, replicas: [2, 3, 1] },
        { partition: 1, replicas: [3, 1, 2] },
        { partition: 2, replicas: [1, 2, 3] },
      ],
    },
  ]);
});

test("who has a copy keeps it, and what has enough is left as it is", () => {
  expect(raisedCopies([topic("a", [5, 1], [4], [1, 2, 3], [1, 2, 3, 4])], [1, 2, 3, 4, 5], 3)).toEqual([
    {
      topic: "a",
      partitionAssignment: [
        { partition: 0, replicas: [1, 2, 5] },
        { partition: 1, replicas: [2, 3, 4] },
      ],
    },
  ]);
  expect(raisedCopies([topic("a", [1, 2, 3])], [1, 2, 3], 3)).toEqual([]);
});

test("partitions whose copies have not all records yet are named", () => {
  expect(outOfSync([topic("a", [1, 2]), topic("b", [1, 2], [1, 2, 3])], 2)).toEqual([]);
  expect(outOfSync([topic("b", [1, 2], [1, 2, 3])], 3)).toEqual(["b-0", "b-1"]);
});
