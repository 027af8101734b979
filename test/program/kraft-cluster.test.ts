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
const propertiesOf = (name: string) => (inputsOf(name)["envs"] as string[]).join().split("\n");
const idOf = (volume: string) =>
  (inputsOf(volume)["labels"] as { label: string; value: string }[]).find(({ label }) => label === "cdc.cluster")!
    .value;

beforeAll(async () => {
  ({ recorded } = await declaredWith({ coordination: "kraft", brokers: "3" }));
});

test("three brokers are formatted for one cluster, each under its own number, and their volumes say which", () => {
  const cluster = idOf("cdc-kafka-data");
  expect(cluster).toMatch(/^\w[\w-]{21}$/);
  expect(recorded.filter(({ name }) => /zookeeper/.test(name))).toEqual([]);
  for (const [role, node] of [
    ["kafka", 1],
    ["kafka-2", 2],
    ["kafka-3", 3],
  ] as const) {
    expect(idOf(`cdc-${role}-data`)).toBe(cluster);
    expect((inputsOf(`cdc-${role}-container`)["command"] as string[]).join(" ")).toContain(
      `sh /kafka/config/format.sh ${cluster} ${node}; printf %s`,
    );
  }
});

test("each is a controller that finds the others, and no setting of ZooKeeper's is left", () => {
  const second = propertiesOf("cdc-kafka-2-container");
  expect(second).toEqual(
    expect.arrayContaining([
      "process.roles=broker,controller",
      "node.id=2",
      "controller.quorum.bootstrap.servers=kafka:9093,kafka-2:9093,kafka-3:9093",
      "controller.quorum.auto.join.enable=true",
      "listeners=INTERNAL://0.0.0.0:9092,EXTERNAL://0.0.0.0:29092,CONTROLLER://0.0.0.0:9093",
      "advertised.listeners=INTERNAL://kafka-2:9092,EXTERNAL://127.0.0.1:29093,CONTROLLER://kafka-2:9093",
      "min.insync.replicas=2",
      "controlled.shutdown.enable=true",
    ]),
  );
  expect(second.filter((line) => /^(broker\.id|zookeeper\.|controlled\.shutdown\.[mr])/.test(line))).toEqual([]);
});
