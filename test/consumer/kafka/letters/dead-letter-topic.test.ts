import { describe, expect, test } from "@jest/globals";
import type { Message, Producer, ProducerRecord } from "kafkajs";
import recordOf from "kafkajs/src/protocol/recordBatch/record/v0";
import { createDeadLetters, deadLetter } from "../../../../consumer/kafka/letters/dead-letter-topic";

const ORIGIN = { topic: "cdctest.public.customers", partition: 2, offset: "42" };
const MESSAGE = {
  key: Buffer.from("key"),
  value: Buffer.from([0, 255]),
  offset: "42",
  timestamp: "1767225600123",
  headers: { mine: "kept" },
};
const FAILURE = { stage: "handle", error: new Error("no such customer"), attempts: 5 } as const;

/** An error with a property that throws when it is read. */
function failing(name: "message" | "stack" | "cause"): Error {
  const get = () => {
    throw new Error(`no ${name}`);
  };
  return Object.defineProperty(new Error("no such customer"), name, { get });
}

describe("a dead letter", () => {
  test("is the record, byte for byte, with headers that say where it came from and why", () => {
    const letter = deadLetter(ORIGIN, MESSAGE, FAILURE, "group");
    expect(letter.key).toBe(MESSAGE.key);
    expect(letter.value).toBe(MESSAGE.value);
    expect(letter.headers).toEqual({
      mine: "kept",
      "dead-letter-topic": "cdctest.public.customers",
      "dead-letter-partition": "2",
      "dead-letter-offset": "42",
      "dead-letter-timestamp": "1767225600123",
      "dead-letter-group": "group",
      "dead-letter-stage": "handle",
      "dead-letter-attempts": "5",
      "dead-letter-error": "no such customer",
      "dead-letter-stack": expect.stringContaining("Error: no such customer\n"),
    });
  });

  test("of a record with a header without a value can be written: otherwise its partition would be blocked for ever", () => {
    const headers = { trace: null, twice: [Buffer.from("a"), null], mine: Buffer.from("kept") };
    const letter = deadLetter(ORIGIN, { ...MESSAGE, headers }, FAILURE, "group");
    expect(letter.headers).toMatchObject({ trace: "", twice: [Buffer.from("a"), ""], mine: Buffer.from("kept") });
    expect(() => recordOf(letter)).not.toThrow();
  });

  test("of an error that is a text has no stack", () => {
    const letter = deadLetter(ORIGIN, MESSAGE, { stage: "read", error: "no JSON", attempts: 1 }, "group");
    expect(letter.headers).toMatchObject({ "dead-letter-error": "no JSON" });
    expect(letter.headers).not.toHaveProperty("dead-letter-stack");
  });
});

test.each<[string, unknown]>([
  ["of 20 MB", new Error("x".repeat(20 << 20))],
  ["without a text", Object.create(null)],
  [
    "whose text fails",
    {
      toString: () => {
        throw new Error("no text");
      },
    },
  ],
  ["whose message fails", failing("message")],
  ["whose stack fails", failing("stack")],
  ["whose cause fails", failing("cause")],
])("an error %s fits into a letter: otherwise its partition would be blocked for ever", (_what, error) => {
  const { headers } = deadLetter(ORIGIN, MESSAGE, { stage: "handle", error, attempts: 5 }, "group");
  expect(JSON.stringify(headers).length).toBeLessThan(20_000);
});

describe("the producer", () => {
  function fake(refuse: (message: Message) => Error | undefined) {
    const calls: string[] = [];
    const sent: Message[] = [];
    const create = () => {
      calls.push("create");
      return {
        connect: async () => void calls.push("connect"),
        disconnect: async () => void calls.push("disconnect"),
        send: async ({ messages }: ProducerRecord) => {
          calls.push("send");
          const error = refuse(messages[0]!);
          if (error) throw error;
          sent.push(...messages);
        },
      } as unknown as Producer;
    };
    return { calls, sent, letters: createDeadLetters("dead", "group", create) };
  }

  test("is connected at the first letter and kept", async () => {
    const { calls, letters } = fake(() => undefined);
    expect(calls).toEqual([]);
    await letters.send(ORIGIN, MESSAGE, FAILURE);
    await letters.send(ORIGIN, MESSAGE, FAILURE);
    expect(calls).toEqual(["create", "connect", "send", "send"]);
  });

  test("the producer is made again after a failure", async () => {
    let failures = 1;
    const { calls, letters } = fake(() => (failures-- > 0 ? new Error("gone") : undefined));
    await expect(letters.send(ORIGIN, MESSAGE, FAILURE)).rejects.toThrow("gone");
    await letters.send(ORIGIN, MESSAGE, FAILURE);
    expect(calls.filter((call) => call === "create")).toHaveLength(2);
  });

  test("leaves the value out, and says so, when the broker finds the letter too large", async () => {
    const tooLarge = Object.assign(new Error("too large"), { type: "MESSAGE_TOO_LARGE" });
    const { sent, letters } = fake(({ value }) => (value === null ? undefined : tooLarge));
    await letters.send(ORIGIN, MESSAGE, FAILURE);
    expect(sent[0]).toMatchObject({ key: MESSAGE.key, value: null, headers: { "dead-letter-value-omitted": "true" } });
  });
});
