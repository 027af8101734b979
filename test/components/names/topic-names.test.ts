import { expect, test } from "@jest/globals";
import { successionClashes, topicClashes, topicOf } from "../../../components/names/topic-names";

test.each([
  ["public.customers", "cdc.public.customers"],
  ["public.Order Details", "cdc.public.Order_Details"],
  ["public.weird table!", "cdc.public.weird_table_"],
  ["public.Größe", "cdc.public.Gr__e"],
  ["public.cash$", "cdc.public.cash_"],
  ["public.a.b-c", "cdc.public.a.b-c"],
  ["public.😀", "cdc.public.__"],
])("%s goes to %s", (table, topic) => {
  expect(topicOf("cdc", table)).toBe(topic);
});

test("tables with one topic, or with two that Kafka takes for one, clash; a table with itself does not", () => {
  expect(topicClashes(["a.x y", "a.x_y", "a.x", "a.X", "a.x", "app.user_events", "app_user.events"])).toEqual([
    "a.x y, a.x_y: their changes would go to one topic, <topicPrefix>.a.x_y. Rename one of them, or name one alone.",
    "app.user_events, app_user.events: Kafka takes one of their topics only, as <topicPrefix>.app.user_events and " +
      "<topicPrefix>.app_user.events differ in . and _ alone. Rename one of them, or name one alone.",
  ]);
});

test("a table cannot follow another of its topic at once, nor one of a topic that Kafka takes for the same", () => {
  const way =
    "and the topic of the table that is captured now still exists. Take that table out with an up of its own, with its topic " +
    "(keepTopics false in this project), then add";
  expect(successionClashes(["app.user_events", "a.x y", "a.z"], ["app_user.events", "a.x_y", "a.z", "a.new"])).toEqual([
    "app.user_events, app_user.events: Kafka takes one of their topics only, as <topicPrefix>.app.user_events and " +
      `<topicPrefix>.app_user.events differ in . and _ alone, ${way} app_user.events.`,
    `a.x y, a.x_y: their changes would go to one topic, <topicPrefix>.a.x_y, ${way} a.x_y.`,
  ]);
});
