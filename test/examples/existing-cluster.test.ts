import { expect, test } from "@jest/globals";
import { declaredBy } from "../support/program/mocked-program";

test("registers one connector, with nothing that an unchanged Connect has not, and nothing else", async () => {
  const { recorded } = await declaredBy("examples/existing-cluster/index", "orders", {
    "orders:connectUrl": "http://connect.internal:8083",
  });
  expect(recorded.map(({ type, name }) => `${type} ${name}`)).toEqual([
    "pulumi-nodejs:dynamic/debezium:Connector orders",
  ]);
  const { inputs } = recorded[0]!;
  expect(inputs).toMatchObject({
    connectUrl: "http://connect.internal:8083",
    connectorName: "orders",
    state: "RUNNING",
  });
  const config = inputs["config"] as Record<string, unknown>;
  expect(config["database.password"]).toBe("${secrets:/run/secrets:database-password}");
  expect(config["table.include.list"]).toBe("(?-i)public\\.orders,(?-i)public\\.order_lines");
  expect(Object.values(config).filter((value) => String(value).startsWith("cdc."))).toEqual([]);
});
