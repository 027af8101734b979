import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { declaredWith } from "../support/program/declared";

// The test must not depend on this machine's engine, ports and databases.
jest.mock("../../components/preflight/preflight", () => ({ preflight: () => Promise.resolve({ present: new Set() }) }));
jest.mock("../../components/database/examine-database", () => ({ examineExisting: () => Promise.resolve() }));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

test("no container, volume or image of Postgres; Kafka Connect finds the database, and says where it is", async () => {
  const before = process.env["PULUMI_CONFIG_SECRET_KEYS"];
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = '["cdc:capturePassword"]';
  const { recorded, outputs } = await declaredWith({
    databaseUrl: "postgres://admin@localhost:5433/shop",
    capturePassword: "word",
  }).finally(() => {
    if (before === undefined) delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
    else process.env["PULUMI_CONFIG_SECRET_KEYS"] = before;
  });
  expect(recorded.filter(({ name }) => name.includes("postgres"))).toEqual([]);
  const of = (name: string) => recorded.find((each) => each.name === name)!.inputs;
  const connect = of("cdc-connect-container");
  expect(connect["hosts"]).toEqual([{ host: "host.docker.internal", ip: "host-gateway" }]);
  expect(connect["labels"]).toContainEqual({
    label: "cdc.database",
    value: '{"host":"localhost","port":5433,"database":"shop","user":"debezium"}',
  });
  expect(of("cdc-capture")).toMatchObject({
    ...{ host: "localhost", port: 5433, database: "shop", adminUser: "admin", existingRole: true },
  });
  expect(of("customer-cdc")["config"]).toMatchObject({
    ...{ "database.hostname": "host.docker.internal", "database.port": 5433, "database.sslmode": "disable" },
    ...{ "database.dbname": "shop", "database.user": "debezium" },
  });
  expect(of("customer-cdc")["database"]).toMatchObject({ value: { host: "localhost", port: 5433, user: "debezium" } });
  expect(outputs["existingDatabase"]).toBe("localhost:5433");
});
