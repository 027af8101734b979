import { expect, test } from "@jest/globals";
import { topicsToRead } from "../../../consumer/kafka/further-topics";

const EXISTING = ["p.public.a", "outbox.event.order", "outbox.event.user", "outboxxevent.order", "__consumer_offsets"];

test.each([
  [["outbox.event.*"], ["outbox.event.order", "outbox.event.user"]],
  [["outbox.event.order"], ["outbox.event.order"]],
  [
    ["p.*.a", "outbox.*.user"],
    ["outbox.event.user", "p.public.a"],
  ],
  [["p.public"], []],
  [[], []],
])("%j means %j", (furtherTopics, topics) => {
  expect(topicsToRead({ topics: [], furtherTopics, deadLetterTopic: "d" }, EXISTING)).toEqual(topics);
});

test("what is told is read once, also where a pattern means it; dead letters never", () => {
  const options = { topics: ["p.public.b", "p.public.a"], furtherTopics: ["p.*"], deadLetterTopic: "p.dead-letters" };
  expect(topicsToRead(options, ["p.dead-letters", "p.public.a", "p.public.c"])).toEqual([
    "p.public.b",
    "p.public.a",
    "p.public.c",
  ]);
});
