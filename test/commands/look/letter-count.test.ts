import { expect, jest, test } from "@jest/globals";
import { countWaiting } from "../../../commands/look/letter-count";
import type { BrokerLook } from "../../../components/preflight/broker-look";

const groups: string[] = [];
jest.mock("../../../consumer/kafka/letters/letter-box", () => ({
  LetterBox: class {
    constructor({ readerGroupId }: { readerGroupId: string }) {
      groups.push(readerGroupId);
    }
    newest = () => Promise.resolve({ standings: [], total: 3, waiting: 2 });
  },
}));

test("the group that counts letters has the stack's prefix, for which alone an existing Kafka may give rights", async () => {
  const partition = { partition: 0, records: 3, behind: 0 };
  const partitions = ["letters", "retry"].map((topic) => ({ ...partition, topic }));
  const topics = { group: "shop-prod-consumer", deadLetterTopic: "letters", retryTopic: "retry" };
  const look = { partitions } as unknown as BrokerLook;
  expect(await countWaiting("k:9092", topics, look, 1000, "shop-prod")).toBe(2);
  expect(groups).toEqual([expect.stringMatching(/^shop-prod-look-\d+-/)]);
});
