import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Admin } from "kafkajs";
import type { Membership } from "../../../../consumer/kafka/group/membership";
import { waitForTopics } from "../../../../consumer/kafka/wait-for-topics";
import type { Log } from "../../../../consumer/log";
import { quietKafka } from "../../../../consumer/kafka/quiet-kafka";

/** Kafka's numbers of these requests, and of the error. */
const [METADATA, API_VERSIONS, LEADER_NOT_AVAILABLE] = [3, 18, 5];

const int8 = (n: number) => Buffer.from([n]);
const int16 = (n: number) => Buffer.from(Uint8Array.of((n >> 8) & 255, n & 255));
const int32 = (n: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(n);
  return bytes;
};
const text = (words: string) => Buffer.concat([int16(Buffer.byteLength(words)), Buffer.from(words)]);
const list = (...items: Buffer[]) => Buffer.concat([int32(items.length), ...items]);

/** A topic with one partition, as the first version of the answer has it. */
const topic = (name: string, leader: number) => {
  const error = leader < 0 ? LEADER_NOT_AVAILABLE : 0;
  const partition = Buffer.concat([int16(error), int32(0), int32(leader), list(int32(7)), list()]);
  return Buffer.concat([int16(0), text(name), int8(0), list(partition)]);
};

/** A broker that knows two topics, of which one has no leader. */
let broker: Server;
let admin: Admin;
beforeEach(async () => {
  broker = createServer((socket) => void serve(socket));
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
  const { port } = broker.address() as AddressInfo;
  admin = quietKafka({ clientId: "test", brokers: [`127.0.0.1:${port}`], retry: { retries: 0 } }).admin();
  await admin.connect();
});
afterEach(async () => {
  await admin.disconnect();
  await new Promise((resolve) => broker.close(resolve));
});

async function serve(socket: Socket): Promise<void> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE()) {
      const [key, id] = [bytes.readInt16BE(4), bytes.readInt32BE(8)];
      bytes = bytes.subarray(4 + bytes.readInt32BE());
      const body = Buffer.concat([int32(id), key === API_VERSIONS ? versions() : metadata()]);
      socket.write(Buffer.concat([int32(body.length), body]));
    }
  }
}

function versions(): Buffer {
  const upTo = (key: number, most: number) => Buffer.concat([int16(key), int16(0), int16(most)]);
  return Buffer.concat([int16(0), list(upTo(METADATA, 1), upTo(API_VERSIONS, 2)), int32(0)]);
}

function metadata(): Buffer {
  const { port } = broker.address() as AddressInfo;
  const node = Buffer.concat([int32(7), text("127.0.0.1"), int32(port), int16(-1)]);
  return Buffer.concat([list(node), int32(7), list(topic("ours", 7), topic("theirs", -1))]);
}

test("the topics are listed also while a partition of one of them has no leader", async () => {
  expect(await admin.listTopics()).toEqual(["ours", "theirs"]);
  expect((await admin.describeCluster()).brokers).toHaveLength(1);
  expect((await admin.fetchTopicMetadata()).topics.map(({ partitions }) => partitions[0]!.leader)).toEqual([7, -1]);
});

test("a question about such a topic by its name fails", async () => {
  await expect(admin.fetchTopicOffsets("theirs")).rejects.toThrow("no leader for this topic-partition");
});

test("a consumer waits for the leaders of its own topics, and for no other's", async () => {
  const { port } = broker.address() as AddressInfo;
  const said: string[] = [];
  const waiting = (topics: string[]) =>
    waitForTopics({
      ...{ kafka: { brokers: [`127.0.0.1:${port}`] }, topics, wait: () => Promise.resolve() },
      log: { info: (line: string) => void said.push(line) } as unknown as Log,
      membership: { lost: () => undefined } as unknown as Membership,
      stopped: () => said.length > 0,
    });
  expect(await waiting(["ours"])).toEqual(["ours", "theirs"]);
  expect(await waiting(["ours", "theirs"])).toBeNull();
  expect(said).toEqual(["waiting for a broker to lead the topic theirs"]);
});
