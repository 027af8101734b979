import { expect, test } from "@jest/globals";
import { countingOn, lackingCopies } from "../../../commands/start/copies-elsewhere";

const topic = (name: string, ...partitions: [leader: number, isr: number[]][]) => ({
  name,
  partitions: partitions.map(([leader, isr], partitionId) => ({
    ...{ partitionErrorCode: 0, partitionId, leader, isr },
    replicas: [1, 2, 3],
  })),
});

test.each([
  ["all that two others have", topic("a", [1, [1, 3]], [3, [3]]), []],
  ["what it is still said to have, as right after its end", topic("a", [1, [1, 2, 3]], [2, [1, 2]]), ["a-0", "a-1"]],
  ["what it alone had", topic("a", [1, [1, 3]], [-1, [2]]), ["a-1"]],
])("of a lost broker: %s", (_what, found, counted) => {
  expect(countingOn([found], [2])).toEqual(counted);
});

test("brokers that do not answer are no proof of copies", async () => {
  await expect(lackingCopies(["127.0.0.1:1"], [2], 1)).resolves.toMatch(/the other brokers to have all records/);
});
