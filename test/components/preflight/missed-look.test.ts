import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { missedByConsumers } from "../../../components/preflight/missed-look";

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

/** A consumer with this answer of `/healthz`. @returns its port */
async function consumer(health: object, afterMs = 0): Promise<number> {
  const server = createServer(
    (_request, response) => void setTimeout(() => response.end(JSON.stringify(health)), afterMs),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
const missed = async (health: object, afterMs = 0) => missedByConsumers([await consumer(health, afterMs)]);

test("what it says is lost, without the remedy", async () => {
  expect(await missed({ losses: ["the slot was dropped. All rows are read again by: x", "a topic is gone"] })).toBe(
    "the slot was dropped; a topic is gone",
  );
});

test.each([{ losses: [] }, {}, { losses: "other" }])("%j: nothing", async (health) => {
  expect(await missed(health)).toBe("");
});

test("one that answers late, on a busy machine, is heard", async () => {
  expect(await missed({ losses: ["the slot was dropped"] }, 1500)).toBe("the slot was dropped");
});

test("without a server on the port, nothing is known, at once", async () => {
  expect(await missedByConsumers([1])).toBe("");
});

test("of several consumers all are asked, and what they say of one topic is said once", async () => {
  const gone = (topic: string, before: string) =>
    `topic ${topic} was deleted in Kafka: its records are gone, and rows written before ${before} are in no topic. All rows …`;
  const ports = [
    await consumer({ losses: [gone("p.t", "0/1770")] }),
    1,
    await consumer({ losses: [gone("p.t", "2026-11-30T08:00:00.000Z"), gone("p.u", "2026-11-30T08:00:00.000Z")] }),
  ];
  expect(await missedByConsumers(ports)).toBe(
    "topic p.t was deleted in Kafka: its records are gone, and rows written before 0/1770 are in no topic; " +
      "topic p.u was deleted in Kafka: its records are gone, and rows written before 2026-11-30T08:00:00.000Z are in no topic",
  );
});
