import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { declaredWith, type Recorded } from "../support/program/declared";

// The test must not depend on this machine's engine and ports, or on a Kafka.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
const security = {
  tls: { ca: "CA" },
  sasl: { mechanism: "scram-sha-512", username: "me", password: "hunter2" },
};
jest.mock("../../components/existing/kafka/look-at-kafka", () => ({
  findKafka: () =>
    Promise.resolve({
      address: { servers: "k:9093", ...security },
      kafka: { security, clusterId: "abc", replicationFactor: 3 },
      existing: new Set(["cdctest.public.customers"]),
    }),
}));
jest.mock("../../components/existing/kafka/groups-in-use", () => ({ refuseJoining: () => Promise.resolve() }));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

const registered: Record<string, unknown>[] = [];
const resources = pulumi.ComponentResource.prototype as unknown as { registerOutputs(outputs?: object): void };
jest.spyOn(resources, "registerOutputs").mockImplementation((each) => void registered.push({ ...each }));

let recorded: Recorded[];
let outputs: Record<string, unknown>;
const before = process.env["PULUMI_CONFIG_SECRET_KEYS"];
beforeAll(async () => {
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = '["cdc:kafkaSecurity"]';
  const kafkaSecurity = { protocol: "SASL_SSL", mechanism: "SCRAM-SHA-512", username: "me", password: "hunter2" };
  ({ recorded, outputs } = await declaredWith({
    bootstrapServers: "k:9093",
    kafkaSecurity: JSON.stringify(kafkaSecurity),
    partitions: "4",
  }));
});
afterAll(() => {
  if (before === undefined) delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
  else process.env["PULUMI_CONFIG_SECRET_KEYS"] = before;
});

const of = (type: string): Recorded[] => recorded.filter((each) => each.type === type);

test("with a Kafka that is there already there is no broker and no ZooKeeper", () => {
  expect(
    of("docker:index/container:Container")
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...["cdc-connect-container", "cdc-consumer-container", "cdc-postgres-container"]]);
});

test("a topic that is there is not declared, so it is neither changed nor deleted; the others have the copies and partitions", () => {
  const topics = Object.fromEntries(of("kafka:index/topic:Topic").map(({ name, inputs }) => [name, inputs]));
  expect(Object.keys(topics)).not.toContain("cdctest.public.customers");
  expect(topics["cdctest.dead-letters"]).toMatchObject({ partitions: 1, replicationFactor: 3 });
  expect(topics["cdc-dev-connect-configs"]).toMatchObject({ config: { "cleanup.policy": "compact" } });
  expect(topics).toHaveProperty(["__debezium-heartbeat.cdctest"]);
});

test("the state gets which topics there are somebody else's, and in which Kafka", () => {
  expect(registered.find(({ clusterId }) => clusterId !== undefined)).toMatchObject({
    ...{ clusterId: "abc", others: ["cdctest.public.customers"] },
  });
});

test("no password is in an environment or in a component's inputs", () => {
  const components = recorded.filter(({ type }) => type.startsWith("cdc:"));
  const environments = of("docker:index/container:Container").map(({ inputs }) => inputs["envs"]);
  expect(JSON.stringify([components, environments])).not.toContain("hunter2");
  const consumer = of("docker:index/container:Container").find(({ name }) => name === "cdc-consumer-container")!;
  expect(consumer.inputs["envs"]).toEqual(
    expect.arrayContaining([
      "KAFKA_BROKERS=k:9093",
      "KAFKA_GROUP_ID=cdc-dev-consumer",
      "KAFKA_SECURITY_PROTOCOL=SASL_SSL",
      "KAFKA_SASL_PASSWORD_FILE=/run/secrets/kafka-sasl-password",
    ]),
  );
});

test("what the commands need to get in is a secret output", async () => {
  expect(await pulumi.isSecret(outputs["existing"] as pulumi.Output<unknown>)).toBe(true);
});
