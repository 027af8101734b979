import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { furtherConnectors } from "../../../components/costs/further-connectors";
import { parseApplied } from "../../../components/preflight/applied";
import { FakeConnect, POSTGRES } from "../../support/fakes/fake-connect";

let connect: FakeConnect;
beforeEach(async () => {
  connect = await FakeConnect.start();
});
afterEach(() => connect.vanish());

const applied = () =>
  parseApplied({
    connector: {
      type: "pulumi-nodejs:dynamic/debezium:Connector",
      outputs: { connectUrl: connect.url, connectorName: "shop", config: {} },
    },
  });

test("connectors that other programs have in the stack's Kafka Connect are named, and the stack's own is not", async () => {
  for (const name of ["shop", "orders", "billing"]) connect.add(name, { "connector.class": POSTGRES });
  expect(await furtherConnectors(applied())).toEqual(["billing", "orders"]);
});

test("one that does not answer may have some; a stack without a connector has had no Kafka Connect", async () => {
  await connect.vanish();
  expect(await furtherConnectors(applied())).toBe("unknown");
  expect(await furtherConnectors({})).toEqual([]);
});
