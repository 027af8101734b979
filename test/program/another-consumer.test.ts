import { readFileSync } from "node:fs";
import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

// The engine and the ports of this machine are not this test's business.
jest.mock("../../components/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** What the program declares, and its outputs, with the defaults of Pulumi.yaml but for `cdc:consumer`. */
async function declaredWith(consumer: string): Promise<{ recorded: Recorded[]; outputs: Record<string, unknown> }> {
  const recorded: Recorded[] = [];
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, { default: unknown }> };
  const defaults = Object.entries(project.config).map(([key, { default: value }]) => [`cdc:${key}`, String(value)]);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        recorded.push({ type, name, inputs });
        const captured = type.endsWith("Capture") ? { captured: inputs["tables"], generated: [], tableIds: {} } : {};
        return { id: id || `${name}-id`, state: { ...inputs, ...captured } };
      },
      call: ({ token }) => {
        // A stack that is made for the first time: its state holds nothing.
        if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: {} };
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "cdc",
    "dev",
    true,
    "organization",
  );
  pulumi.runtime.setAllConfig({ ...Object.fromEntries(defaults), "cdc:consumer": consumer });
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = require("../../index") as () => Promise<Record<string, unknown>>;
  const outputs = await program();
  for (let seen = -1; seen !== recorded.length;) {
    seen = recorded.length;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  }
  return { recorded, outputs };
}

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
  const { recorded, outputs } = await declaredWith("none");
  expect(containersOf(recorded)).toEqual([
    ...["connect-container", "kafka-container", "postgres-container", "zookeeper-container"],
  ]);
  expect(recorded.filter(({ name }) => name.startsWith("consumer"))).toEqual([]);
  expect(Object.keys(outputs)).toEqual(["connectUrl", "bootstrapServers", "databaseUrl", "topics", "connectorState"]);
  expect(labelsOf(recorded, "connect-container")).toMatchObject({
    ...{ "cdc.consumer": "none", "cdc.connector": "customer-cdc" },
  });
}, 60_000);

test("an image of one's own runs its own command with the consumer's environment", async () => {
  const { recorded, outputs } = await declaredWith("me/consumer:1");
  const { inputs } = recorded.find(({ name }) => name === "consumer-container")!;
  expect(inputs).toMatchObject({ image: "me/consumer:1", capabilities: { drops: ["ALL"] } });
  expect(inputs).not.toHaveProperty("command");
  expect(inputs).not.toHaveProperty("healthcheck");
  expect(inputs["envs"]).toEqual(expect.arrayContaining(["KAFKA_BROKERS=kafka:9092", "KAFKA_GROUP_ID=cdc-consumer"]));
  expect(outputs).not.toHaveProperty("feedUrl");
  expect(labelsOf(recorded, "connect-container")).toMatchObject({ "cdc.consumer": "own" });
}, 60_000);
