import { expect, test } from "@jest/globals";
import { goneText, goneTopics } from "../../../components/preflight/gone-topics";

const GROUPS = "__consumer_offsets";

test("a captured table's topic that the broker has not is a loss, with its name", () => {
  expect(goneText(["p.a", "p.b"], [GROUPS, "p.b"])).toBe("topic p.a was deleted in Kafka: its records are gone");
  expect(goneText(["p.a", "p.b"], [GROUPS])).toBe("topics p.a, p.b were deleted in Kafka: their records are gone");
  expect(goneText(["p.a"], [GROUPS, "p.a"])).toBe("");
});

test("a broker that does not answer, or knows none of its topics yet, has lost none", () => {
  expect(goneText(["p.a"], [])).toBe("");
});

test("before the first `up` there is nothing to lose, and somebody else's broker is not asked", async () => {
  const none = {
    brokers: 0,
    networks: [],
    containers: new Map<string, string>(),
    volumes: [],
    brokerVolumes: new Map(),
    topics: [],
    keepsTopics: true,
    credentials: [],
  };
  const capture = { captureName: "debezium", captured: ["public.a"] };
  const connector = { connectorName: "c", topicPrefix: "p", slotName: "s" };
  expect(await goneTopics(none)).toBe("");
  expect(await goneTopics({ ...none, bootstrapServers: "kafka.invalid:9092", capture, connector })).toBe("");
});
