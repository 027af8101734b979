import { describe, expect, test } from "@jest/globals";
import type { Batch, BatchControl } from "../../../../consumer/delivery/batch";
import { deadLetter } from "../../../../consumer/kafka/letters/dead-letter-topic";
import { fromRetryTopic, retryOf } from "../../../../consumer/kafka/letters/retry-topic";

const RETRY = "cdctest.dead-letters-retry";
const FAILURE = { stage: "handle", error: new Error("no such customer"), attempts: 5 } as const;

/** A record as the broker returns it: a failed one of that topic, which was sent back as the dead letter with that number. */
function returned(topic: string, offset: string, number: string) {
  const first = { key: Buffer.from(offset), value: Buffer.from([0, 255]), headers: { mine: "kept" }, offset };
  const letter = deadLetter(
    { topic, partition: 2, offset },
    { ...first, timestamp: "1767225600123" },
    FAILURE,
    "group",
  );
  const { key, value, headers } = retryOf({ ...first, headers: letter.headers }, number);
  return { key: key as Buffer, value: value as Buffer, headers, offset: number, timestamp: "1800000000000" };
}

const control: BatchControl = {
  resolve: () => undefined,
  waits: () => undefined,
  stopped: () => false,
  signal: new AbortController().signal,
};
const batchOf = (topic: string, messages: Batch["messages"]): Batch => ({
  topic,
  partition: 0,
  messages,
  highWatermark: "9",
});

async function delivered(batch: Batch, over: Partial<BatchControl> = {}): Promise<Batch[]> {
  const parts: Batch[] = [];
  await fromRetryTopic(RETRY, async (part) => void parts.push(part))(batch, { ...control, ...over });
  return parts;
}

test("a letter is sent back as the record was, without what was said of the failure", () => {
  const { key, value, headers } = returned("cdctest.public.a", "42", "7");
  expect([key, value]).toEqual([Buffer.from("42"), Buffer.from([0, 255])]);
  expect(headers).toEqual({
    mine: "kept",
    "dead-letter-topic": "cdctest.public.a",
    "dead-letter-partition": "2",
    "dead-letter-offset": "42",
    "dead-letter-timestamp": "1767225600123",
    "dead-letter-group": "group",
    "dead-letter-retry-of": "7",
  });
});

test("a letter that somebody else wrote with a header without a value is sent back too", () => {
  const letter = retryOf({ key: null, value: Buffer.from("x"), headers: { trace: null } }, "7");
  expect(letter.headers).toEqual({ trace: "", "dead-letter-retry-of": "7" });
});

describe("a batch of the retry topic", () => {
  test("has records that say where they were at first, those of one partition together", async () => {
    const [a, b] = ["cdctest.public.a", "cdctest.public.b"];
    const records = [returned(a, "42", "0"), returned(a, "50", "1"), returned(b, "3", "2"), returned(a, "51", "3")];
    const parts = await delivered(batchOf(RETRY, records));
    expect(parts.map(({ messages }) => messages.map(({ offset, original }) => [offset, original]))).toEqual([
      [
        ["0", { topic: a, partition: 2, offset: "42" }],
        ["1", { topic: a, partition: 2, offset: "50" }],
      ],
      [["2", { topic: b, partition: 2, offset: "3" }]],
      [["3", { topic: a, partition: 2, offset: "51" }]],
    ]);
    expect(parts[0]).toMatchObject({ topic: RETRY, partition: 0, highWatermark: "9" });
  });

  test("that fails again is a dead letter of where it was at first, and says which one it was", async () => {
    const [part] = await delivered(batchOf(RETRY, [returned("cdctest.public.a", "42", "7")]));
    const [message] = part!.messages;
    const failure = { stage: "handle", error: "still none", attempts: 1 } as const;
    const { headers } = deadLetter(message!.original!, message!, failure, "group");
    expect(Object.fromEntries(Object.entries(headers!).map(([name, text]) => [name, String(text)]))).toEqual({
      mine: "kept",
      "dead-letter-topic": "cdctest.public.a",
      "dead-letter-partition": "2",
      "dead-letter-offset": "42",
      "dead-letter-timestamp": "1767225600123",
      "dead-letter-group": "group",
      "dead-letter-stage": "handle",
      "dead-letter-attempts": "1",
      "dead-letter-error": "still none",
      "dead-letter-retry-of": "7",
    });
  });

  test("with a record that somebody else wrote: it is one of that topic", async () => {
    const foreign = { key: null, value: null, offset: "4", headers: { "dead-letter-topic": "t" } };
    const [part] = await delivered(batchOf(RETRY, [foreign]));
    expect(part!.messages[0]!.original).toBeUndefined();
  });

  test("ends where the stream is stopped", async () => {
    let calls = 0;
    const records = [returned("cdctest.public.a", "1", "0"), returned("cdctest.public.b", "2", "1")];
    const parts = await delivered(batchOf(RETRY, records), { stopped: () => calls++ > 0 });
    expect(parts).toHaveLength(1);
  });
});

test("a batch of any other topic stays as it is, headers and all", async () => {
  const batch = batchOf("cdctest.public.a", [returned("cdctest.public.b", "42", "0")]);
  expect(await delivered(batch)).toEqual([batch]);
  expect((await delivered(batch))[0]).toBe(batch);
});
