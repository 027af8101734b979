import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { declaredWith, type Recorded } from "../support/program/declared";

// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

function containersOf(recorded: readonly Recorded[]): string[] {
  return recorded
    .filter(({ type }) => type === "docker:index/container:Container")
    .map(({ name }) => name)
    .sort();
}

function labelsOf(recorded: readonly Recorded[], name: string): Record<string, string> {
  const labels = recorded.find((each) => each.name === name)!.inputs["labels"] as { label: string; value: string }[];
  return Object.fromEntries(labels.map(({ label, value }) => [label, value]));
}

test("none: four containers, no feed, and Kafka Connect's container says so", async () => {
  const { recorded, outputs } = await declaredWith({ consumer: "none" });
  expect(containersOf(recorded)).toEqual([
    ...["cdc-connect-container", "cdc-kafka-container", "cdc-postgres-container", "cdc-zookeeper-container"],
  ]);
  expect(recorded.filter(({ name }) => name.startsWith("cdc-consumer"))).toEqual([]);
  expect(Object.keys(outputs)).toEqual([
    ...["connectUrl", "connectToken", "bootstrapServers", "databaseUrl", "topics", "connectorState"],
  ]);
  expect(labelsOf(recorded, "cdc-connect-container")).toMatchObject({
    ...{ "cdc.consumer": "none", "cdc.connector": "customer-cdc" },
  });
});

test("an image of one's own runs its own command with the consumer's environment", async () => {
  const { recorded, outputs } = await declaredWith({ consumer: "me/consumer:1" });
  const { inputs } = recorded.find(({ name }) => name === "cdc-consumer-container")!;
  expect(inputs).toMatchObject({ image: "me/consumer:1", capabilities: { drops: ["ALL"] }, readOnly: false });
  expect(inputs).not.toHaveProperty("command");
  expect(inputs).not.toHaveProperty("healthcheck");
  expect(inputs["envs"]).toEqual(expect.arrayContaining(["KAFKA_BROKERS=kafka:9092", "KAFKA_GROUP_ID=cdc-consumer"]));
  expect(outputs).not.toHaveProperty("feedUrl");
  expect(labelsOf(recorded, "cdc-connect-container")).toMatchObject({ "cdc.consumer": "own" });
});

test("a connector that reads no log has no slot, so the consumer watches none", async () => {
  const { recorded } = await declaredWith({ snapshotMode: "initial_only" });
  const { inputs } = recorded.find(({ name }) => name === "cdc-consumer-container")!;
  expect((inputs["envs"] as string[]).filter((env) => env.startsWith("REPLICATION_SLOT"))).toEqual([]);
});
