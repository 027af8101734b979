import { expect, test } from "@jest/globals";
import { matchingTopics } from "../../../consumer/kafka/further-topics";

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
])("%j means %j", (patterns, topics) => {
  expect(matchingTopics(patterns, EXISTING)).toEqual(topics);
});
