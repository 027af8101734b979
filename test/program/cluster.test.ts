import { beforeAll, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { plain } from "../support/program/plain-secrets";
import { declaredWith, type Recorded } from "../support/program/declared";

// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

let recorded: Recorded[];
let outputs: Record<string, unknown>;
const inputsOf = (name: string) => recorded.find((each) => each.name === name)!.inputs;
const propertiesOf = (name: string): string[] =>
  (inputsOf(name)["envs"] as string[])
    .find((each) => each.startsWith("PROPERTIES="))!
    .slice(11)
    .split("\n");

beforeAll(async () => {
  ({ recorded, outputs } = await declaredWith({ brokers: "3", connectWorkers: "2", consumers: "3", partitions: "6" }));
});

test("three brokers, two workers and three consumers have names, volumes and ports of their own", () => {
  const containers = recorded
    .filter(({ type }) => type === "docker:index/container:Container")
    .map(({ inputs }) => {
      const ports = (inputs["ports"] as { external: number }[]).map(({ external }) => external);
      const volumes = (inputs["volumes"] as { volumeName: string }[]).map(({ volumeName }) => volumeName);
      return [inputs["name"], ...ports, ...volumes];
    });
  expect(containers.sort()).toEqual([
    ["cdc-dev-connect", 8083],
    ["cdc-dev-connect-2", 8084],
    ["cdc-dev-consumer", 8088, "cdc-dev-consumer-state"],
    ["cdc-dev-consumer-2", 8089, "cdc-dev-consumer-2-state"],
    ["cdc-dev-consumer-3", 8090, "cdc-dev-consumer-3-state"],
    ["cdc-dev-kafka", 29092, "cdc-dev-kafka-data"],
    ["cdc-dev-kafka-2", 29093, "cdc-dev-kafka-2-data"],
    ["cdc-dev-kafka-3", 29094, "cdc-dev-kafka-3-data"],
    ["cdc-dev-postgres", 55432, "cdc-dev-postgres-data"],
    ["cdc-dev-zookeeper", "cdc-dev-zookeeper-data"],
  ]);
});

test("every topic has three copies, tables' six partitions, and Kafka's own topics the same: two have what counts as written", () => {
  const topics = recorded.filter(({ type }) => type === "kafka:index/topic:Topic");
  expect(topics.map(({ name, inputs }) => [name, inputs["partitions"], inputs["replicationFactor"]]).sort()).toEqual([
    ["__debezium-heartbeat.cdctest", 1, 3],
    ["__debezium-notifications.cdctest", 1, 3],
    ["cdc_connect_configs", 1, 3],
    ["cdc_connect_offsets", 1, 3],
    ["cdc_source_connect_statuses", 1, 3],
    ["cdctest.dead-letters", 1, 3],
    ["cdctest.dead-letters-retry", 1, 3],
    ["cdctest.debezium.signals", 1, 3],
    ["cdctest.message", 1, 3],
    ["cdctest.public.customers", 6, 3],
  ]);
  expect(propertiesOf("cdc-kafka-2-container")).toEqual(
    expect.arrayContaining([
      "broker.id=2",
      "advertised.listeners=INTERNAL://kafka-2:9092,EXTERNAL://127.0.0.1:29093",
      "min.insync.replicas=2",
      "offsets.topic.replication.factor=3",
      "transaction.state.log.replication.factor=3",
      "transaction.state.log.min.isr=2",
    ]),
  );
});

test("workers without transactions end at once, too, when they give up", () => {
  for (const name of ["cdc-connect-container", "cdc-connect-2-container"])
    expect(inputsOf(name)["command"]).toContain("cdc.StackWorker");
});

test("a worker is reached by the other under its own name, which its guard knows; both have the same words", () => {
  const second = propertiesOf("cdc-connect-2-container");
  expect(second).toContain("rest.advertised.host.name=connect-2");
  expect(second).toContain("config.storage.replication.factor=3");
  const guarded = (name: string) => propertiesOf(name).filter((line) => line.startsWith("cdc.guard."));
  expect(guarded("cdc-connect-container")).toEqual(guarded("cdc-connect-2-container"));
  expect(guarded("cdc-connect-container")[0]).toBe(
    "cdc.guard.hosts=127.0.0.1,localhost,[::1],connect,host.docker.internal,connect-2,cdc-dev-connect,cdc-dev-connect-2",
  );
  const files = (name: string) => (plain(inputsOf(name)["uploads"]) as { file: string }[]).map(({ file }) => file);
  expect(files("cdc-connect-2-container")).toEqual(files("cdc-connect-container"));
  expect(files("cdc-connect-2-container")).toHaveLength(1);
});

test("the consumers are one group; the first alone looks after the slot, and each knows the others' pages", () => {
  const environments = ["cdc-consumer-container", "cdc-consumer-2-container"].map(
    (name) => inputsOf(name)["envs"] as string[],
  );
  for (const env of environments) {
    expect(env).toContain("KAFKA_GROUP_ID=cdc-consumer");
    expect(env).toContain("KAFKA_BROKERS=kafka:9092,kafka-2:9092,kafka-3:9092");
    expect(env).toContain("CONNECT_URL=http://connect:8083,http://connect-2:8083");
    expect(env).toContain("CONSUMER_PAGES=http://localhost:8088,http://localhost:8089,http://localhost:8090");
  }
  for (const looked of [/^REPLICATION_SLOT=/, /^CONNECT_OFFSETS_TOPIC=cdc_connect_offsets$/])
    expect(environments.map((env) => env.some((each) => looked.test(each)))).toEqual([true, false]);
});

test("says all brokers, the first worker and the first page", async () => {
  const values = await Promise.all(
    ["bootstrapServers", "connectUrl", "feedUrl"].map(
      (key) => new Promise((resolve) => pulumi.output(outputs[key] as pulumi.Input<string>).apply(resolve)),
    ),
  );
  expect(values).toEqual([
    "127.0.0.1:29092,127.0.0.1:29093,127.0.0.1:29094",
    "http://127.0.0.1:8083",
    "http://localhost:8088",
  ]);
});
