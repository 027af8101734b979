import { expect, test } from "@jest/globals";
import type { Kafka, KafkaMessage } from "kafkajs";
import type { Rig } from "./rig";

const TABLE = "public.letters";
const DEAD_LETTERS = "cdctest.dead-letters";

export function deadLetters(rig: Rig): void {
  test("a record that cannot be read and one that is never handled go to the dead letters; the others are handled", async () => {
    const { database, kafka } = rig;
    const topic = rig.topicOf(TABLE);
    await database.query("insert into letters values (1), (2)");
    await rig.until(TABLE, (changes) => changes.length === 2);
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ key: '{"id":9}', value: "no JSON", headers: { trace: "abc" } }] });
    await producer.disconnect();
    await database.query("insert into letters values (3, null), (4, 'poison'), (5, null)");
    await database.query("update letters set note = 'healed' where id = 4");
    await rig.until(TABLE, (changes) => changes.at(-1)?.op === "update");

    const [life] = await rig.printedUpTo(TABLE, 6);
    expect(life!.map(({ op, key, offset }) => [op, key?.["id"], offset])).toEqual([
      ["create", 1, "0"],
      ["create", 2, "1"],
      ["create", 3, "3"],
      ["create", 5, "5"],
      ["update", 4, "6"],
    ]);
    const [unreadable, unhandled] = await read(kafka, DEAD_LETTERS, 2);
    expect(unreadable).toEqual({
      key: '{"id":9}',
      value: "no JSON",
      headers: {
        trace: "abc",
        ...origin(topic, "2"),
        "dead-letter-stage": "read",
        "dead-letter-attempts": "1",
        "dead-letter-error": expect.stringMatching(/^the value is no JSON: Unexpected token/),
      },
    });
    expect(unhandled).toEqual({
      key: '{"id":4}',
      value: expect.stringContaining('"after":{"id":4,"note":"poison"}'),
      headers: expect.objectContaining({
        ...origin(topic, "4"),
        "dead-letter-stage": "handle",
        "dead-letter-attempts": "5",
        "dead-letter-error": "cannot handle the row 4",
        "dead-letter-stack": expect.stringContaining("handler.ts"),
      }),
    });
    expect(await rig.metric("cdc_dead_letters_total", { topic, stage: "read" })).toBe(1);
    expect(await rig.metric("cdc_dead_letters_total", { topic, stage: "handle" })).toBe(1);
    await rig.healthy();
  }, 60_000);
}

function origin(topic: string, offset: string) {
  return {
    "dead-letter-topic": topic,
    "dead-letter-partition": "0",
    "dead-letter-offset": offset,
    "dead-letter-timestamp": expect.stringMatching(/^\d{13}$/),
    "dead-letter-group": "cdc-consumer",
  };
}

/** The first records of a topic, as text. */
async function read(kafka: Kafka, topic: string, count: number) {
  const consumer = kafka.consumer({ groupId: `reader-of-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const messages: KafkaMessage[] = [];
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: KafkaMessage }) => {
      if (messages.push(message) === count) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return messages.map(({ key, value, headers }) => ({
    key: String(key),
    value: String(value),
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)])),
  }));
}
