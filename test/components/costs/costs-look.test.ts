import { expect, jest, test } from "@jest/globals";
import type { Admin } from "kafkajs";
import { brokersTopics } from "../../../components/costs/brokers-contents";
import { lookAtLosses } from "../../../components/costs/costs-look";
import type { AppliedStack } from "../../../components/preflight/applied";

/** A Kafka in which a topic of somebody else's has no leader: kafkajs then fails for whatever is asked together with it. */
const asked: string[] = [];
const partition = (leader: number) => ({ partitionId: 0, leader, partitionErrorCode: leader < 0 ? 5 : 0 });
const admin = {
  connect: () => Promise.resolve(),
  disconnect: () => Promise.resolve(),
  listTopics: () => Promise.resolve(["shop.public.customers", "theirs"]),
  fetchTopicMetadata: () =>
    Promise.resolve({
      topics: [
        { name: "shop.public.customers", partitions: [partition(1)] },
        { name: "theirs", partitions: [partition(1), partition(-1)] },
      ],
    }),
  fetchOffsets: () =>
    Promise.resolve([{ topic: "shop.public.customers", partitions: [{ partition: 0, offset: "4" }] }]),
  fetchTopicOffsets: async (topic: string) => {
    asked.push(topic);
    await Promise.resolve();
    if (asked.includes("theirs")) throw new Error("There is no leader for this topic-partition");
    return [{ partition: 0, offset: "6", low: "0", high: "6" }];
  },
} as unknown as Admin;
jest.mock("../../../consumer/kafka/quiet-kafka", () => ({ quietKafka: () => ({ admin: () => admin }) }));

test("one topic without a leader, also somebody else's, leaves the other topics counted", async () => {
  const applied = {
    bootstrapServers: "127.0.0.1:29092",
    topics: [{ name: "shop.public.customers" }, { name: "shop.dead-letters" }],
  } as AppliedStack;
  const seen = await lookAtLosses(applied, (present) => ["shop.dead-letters", ...present], "cdc-consumer", false);
  expect(brokersTopics(applied, { consumer: "handler" } as Parameters<typeof brokersTopics>[1], seen)).toEqual([
    "- topic shop.public.customers, with 6 records, 2 not yet handled",
    "- topic shop.dead-letters, with 0 records, all handled",
    "- topic theirs, with all its records (how many could not be asked)",
  ]);
});
