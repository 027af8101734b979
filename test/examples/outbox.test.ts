import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { declaredBy } from "../support/program/mocked-program";

// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

test("the outbox alone goes through the router, and the consumer reads the topics that it makes", async () => {
  const { recorded } = await declaredBy("examples/outbox/index", "outbox", { "outbox:password": "word" });
  const connector = recorded.find(({ type }) => type === "pulumi-nodejs:dynamic/debezium:Connector")!;
  expect(connector.inputs["config"]).toMatchObject({
    "table.include.list": "(?-i)public\\.customers,(?-i)public\\.outbox",
    transforms: "outbox",
    "transforms.outbox.type": "io.debezium.transforms.outbox.EventRouter",
    "transforms.outbox.predicate": "isOutbox",
    predicates: "isOutbox",
    "predicates.isOutbox.pattern": "shop\\.public\\.outbox",
  });
  const consumer = recorded.find(({ name }) => name === "shop-consumer-container")!;
  expect(consumer.inputs["envs"]).toContain("KAFKA_FURTHER_TOPICS=outbox.event.*");
});
