import { expect, jest, test } from "@jest/globals";
import type { Deployment } from "../../../commands/stack/deployment";
import { halfMoved } from "../../../commands/start/half-moved";
import { creating, withoutPending, withoutSilentBroker } from "../../../commands/start/half-made";

const operation = (type: string, resource: string, name?: string) => ({
  type,
  resource: { urn: `urn:${name}`, type: resource, inputs: { name } },
});
const deployment: Deployment = {
  pending_operations: [
    operation("creating", "docker:index/container:Container", "cdc-dev-kafka"),
    operation("creating", "docker:index/network:Network", "cdc-dev-net"),
    operation("creating", "kafka:index/topic:Topic", "cdctest.public.customers"),
    operation("creating", "kafka:index/topic:Topic", "cdctest.public.orders"),
    operation("updating", "kafka:index/topic:Topic", "cdctest.dead-letters"),
    operation("creating", "pulumi-nodejs:dynamic/debezium:Connector"),
    operation("deleting", "docker:index/container:Container", "cdc-dev-connect"),
  ],
};

test("resources under creation are listed by type; changes and deletions under way are left to the engine", () => {
  expect(creating(deployment, "docker:index/container:Container")).toEqual(["cdc-dev-kafka"]);
  expect(creating(deployment, "pulumi-nodejs:dynamic/debezium:Connector")).toEqual([]);
  expect(creating({}, "docker:index/container:Container")).toEqual([]);
});

test("a network and topics that came to exist are adopted, with what others made of them by now", () => {
  const before: Deployment = { ...deployment, resources: [{ urn: "urn:stack", type: "pulumi:pulumi:Stack" }] };
  const ids = { "cdc-dev-net": "4f1d", "cdctest.public.customers": "cdctest.public.customers", "cdc-dev-kafka": "12" };
  const after = withoutPending(before, ids);
  expect(after.resources?.map(({ urn, id }) => [urn, id])).toEqual([
    ["urn:stack", undefined],
    ["urn:cdc-dev-net", "4f1d"],
    ["urn:cdctest.public.customers", "cdctest.public.customers"],
  ]);
  expect(after.pending_operations?.map(({ type }) => type)).toEqual(["updating", "deleting"]);
  expect(withoutPending({}, {})).toEqual({ resources: [], pending_operations: [] });
});

test("the topics of a broker that does not answer are no part of the refresh, and that is one sentence", async () => {
  const said = jest.spyOn(console, "error").mockReturnValue();
  const provider = (address: string) => ({
    ...{ urn: "urn:provider", type: "pulumi:providers:kafka" },
    inputs: { bootstrapServers: JSON.stringify([address]) },
  });
  const topic = { urn: "urn:topic", type: "kafka:index/topic:Topic" };
  expect(await withoutSilentBroker({ resources: [provider("127.0.0.1:1"), topic] })).toEqual([
    "--exclude",
    "**kafka:index/topic:Topic::**",
  ]);
  expect(said.mock.calls).toEqual([
    ["The broker does not answer yet: its topics are taken to be as the last run left them."],
  ]);
  // Without topics there is nothing to leave out, and a broker of somebody else's is not asked.
  expect(await withoutSilentBroker({ resources: [provider("127.0.0.1:1")] })).toEqual([]);
  expect(await withoutSilentBroker({ resources: [provider("kafka.example:9092"), topic] })).toEqual([]);
  said.mockRestore();
});

test("a connector on its way to another Connect is told, with the line that removes what may be left there", () => {
  const connector = (connectUrl: string) => ({
    ...{ urn: "urn:connector", type: "pulumi-nodejs:dynamic/debezium:Connector", id: "customer-cdc" },
    inputs: { connectorName: "customer-cdc", connectUrl },
  });
  const killed = (to: string, type = "updating"): Deployment => ({
    resources: [connector("http://former:8083")],
    pending_operations: [{ type, resource: connector(to) }],
  });
  expect(halfMoved(killed("http://other:8083/"))).toEqual([
    "Connector customer-cdc was on its way from Kafka Connect at http://former:8083 to http://other:8083. An up to there goes on with that. " +
      "With cdc:connectUrl set back, a copy may stay there, stopped: curl -X DELETE http://other:8083/connectors/customer-cdc",
  ]);
  expect(halfMoved(killed("http://former:8083/"))).toEqual([]);
  expect(halfMoved(killed("http://other:8083", "deleting"))).toEqual([]);
  expect(halfMoved(deployment)).toEqual([]);
});

test("another port of the stack's own worker is no other Connect, so a killed change of it is not told as a move", () => {
  const connector = (port: number, worker?: string) => ({
    ...{ urn: "urn:connector", type: "pulumi-nodejs:dynamic/debezium:Connector", id: "customer-cdc" },
    inputs: { connectorName: "customer-cdc", connectUrl: `http://127.0.0.1:${port}`, ...(worker && { worker }) },
  });
  const killed = (from: string | undefined, to: string | undefined): Deployment => ({
    resources: [connector(58083, from)],
    pending_operations: [{ type: "updating", resource: connector(58084, to) }],
  });
  expect(halfMoved(killed("a", "b"))).toEqual([]);
  expect(halfMoved(killed("a", undefined))).toHaveLength(1);
});
