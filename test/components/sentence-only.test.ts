import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { poll } from "../../components/poll";
import { sentenceOnly } from "../../components/sentence-only";

test("of a wait that has ended a person reads the sentence, without a stack", async () => {
  const what = "the Kafka broker at 127.0.0.1:29092";
  const waited = poll<void>(() => Promise.resolve({ done: false, seen: "no topic a" }), {
    ...{ what, deadlineMs: 20, intervalMs: 5, remedy: "Look at the broker and its log." },
  });
  const error: unknown = await waited.catch(sentenceOnly).catch((reason: unknown) => reason);
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect((error as Error).message).toBe(
    `Waited 0 s for ${what}. Last seen: no topic a. Look at the broker and its log.`,
  );
});
