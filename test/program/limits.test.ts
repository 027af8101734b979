import { beforeAll, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { declaredWith, type Recorded } from "../support/program/declared";

// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

let recorded: Recorded[];
const inputsOf = (name: string) => recorded.find((each) => each.name === name)!.inputs;
const heapOf = (name: string) => (inputsOf(name)["command"] as string[]).join(" ").match(/-Xmx\d+m/)![0];

const OTHERS = { cleanupPolicy: "compact,delete", logLevel: "debug", exactlyOnce: "true", flushBeforeAck: "true" };

beforeAll(async () => {
  const memory = { postgresMemoryMb: "600", kafkaMemoryMb: "1768", connectMemoryMb: "3024", consumerMemoryMb: "500" };
  ({ recorded } = await declaredWith({
    ...memory,
    maxRecordMb: "17",
    retention: "1d",
    keepTopics: "false",
    ...OTHERS,
  }));
});

test("each container has the memory that is set, larger records on top, and Java programs make heap of it", () => {
  const limits = ["postgres", "kafka", "connect", "consumer"].map(
    (role) => inputsOf(`cdc-${role}-container`)["memory"],
  );
  expect(limits).toEqual([600, 1768 + 4, 3024 + 12, 500]);
  expect([heapOf("cdc-kafka-container"), heapOf("cdc-connect-container")]).toEqual(["-Xmx760m", "-Xmx2460m"]);
});

test("tables' topics have the retention and the policy that are set, and tables need keys for it; dead letters stay", () => {
  expect(inputsOf("cdctest.public.customers")["config"]).toEqual({
    "cleanup.policy": "compact,delete",
    "retention.ms": "86400000",
    "segment.ms": "21600000",
  });
  expect(inputsOf("cdctest.dead-letters")["config"]).toEqual({ "cleanup.policy": "delete", "retention.ms": "-1" });
  expect(inputsOf("cdc-capture")["wantsKeys"]).toBe(true);
});

test("all programs but Postgres log what logLevel says", () => {
  for (const role of ["zookeeper", "kafka", "connect"])
    expect((inputsOf(`cdc-${role}-container`)["command"] as string[]).join(" ")).toContain(" -Dcdc.log.level=DEBUG ");
  expect(inputsOf("cdc-consumer-container")["envs"]).toContain("LOG_LEVEL=debug");
});

const propertiesOf = (name: string) =>
  (inputsOf(name)["envs"] as string[]).find((env) => env.startsWith("PROPERTIES="));

test("with flushBeforeAck the broker has the records of every topic on the disk before it acknowledges them", () => {
  expect(propertiesOf("cdc-kafka-container")).toContain("\nlog.flush.interval.messages=1\n");
});

test("with exactlyOnce worker and connector write in transactions", () => {
  const properties = propertiesOf("cdc-connect-container");
  expect(properties).toContain("\nexactly.once.source.support=enabled\n");
  // Each transaction writes its offset, and Kafka compacts only closed segments.
  expect(properties).toContain("\noffset.storage.segment.bytes=4194304\n");
  expect(inputsOf("cdc-connect-container")["command"]).toContain("cdc.StackWorker");
  expect(inputsOf("customer-cdc")["config"]).toMatchObject({ "exactly.once.support": "required" });
});
