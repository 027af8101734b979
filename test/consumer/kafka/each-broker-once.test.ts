import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { eachBrokerOnce } from "../../../consumer/kafka/each-broker-once";
import { askingOnce, existingTopics } from "../../../consumer/kafka/wait-for-topics";

test("a single broker is asked once; with several, each is", () => {
  expect(eachBrokerOnce(["kafka:9092"])).toMatchObject({ retries: 0 });
  expect(eachBrokerOnce(["kafka:9092", "kafka-2:9092", "kafka-3:9092"])).toMatchObject({ retries: 2 });
  expect(eachBrokerOnce(() => ["kafka:9092"])).toMatchObject({ retries: 0 });
});

test("when the first broker is down, the next one is asked", async () => {
  let asked = 0;
  const second = createServer((socket) => {
    asked++;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(second, "listening");
  const brokers = ["127.0.0.1:1", `127.0.0.1:${(second.address() as AddressInfo).port}`];
  await expect(existingTopics(askingOnce({ brokers }))).rejects.toThrow();
  expect(asked).toBe(1);
  second.close();
});
