import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureOutputs } from "../../../components/capture/capture-types";
import { costsOf, type CostSettings } from "../../../components/costs/costs";
import { type DatabaseSettings, movedDatabase } from "../../../components/costs/moved-database";
import { isRelative, refuseOtherAddress } from "../../../components/database/address-look";
import { type AppliedStack, parseApplied } from "../../../components/preflight/applied";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "../capture/database";

let former: EmbeddedPostgres;
let other: EmbeddedPostgres;
let applied: AppliedStack;
beforeAll(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  [former, other] = await Promise.all([EmbeddedPostgres.start(), EmbeddedPostgres.start()]);
  await former.query("CREATE TABLE public.customers (id int PRIMARY KEY)");
  await former.query("CREATE DATABASE shop");
  const { outs } = await captureProvider.create({
    ...INPUTS,
    ...{ port: former.port, database: "postgres", adminUser: "super", adminPassword: "super" },
  });
  await former.query("SELECT pg_create_logical_replication_slot('cdc_dev', 'pgoutput')");
  applied = parseApplied({
    capture: { type: "pulumi-nodejs:dynamic/postgres:Capture", outputs: { ...(outs as CaptureOutputs) } },
  });
});
afterAll(() => Promise.all([former.stop(), other.stop()]));

function settings(host: string, port: number, database = "postgres"): DatabaseSettings {
  return {
    ...{ prefix: "cdc-dev", database, user: "super", password: pulumi.output("super") },
    existingDatabase: { host, port, containerHost: host },
  } as DatabaseSettings;
}

test("the same database, under whatever name, is not another one", async () => {
  expect(await movedDatabase(applied, settings("127.0.0.1", former.port))).toBeUndefined();
  expect(await movedDatabase(applied, settings("localhost", former.port))).toBeUndefined();
});

test("another server, and another database of the same one, are told from it", async () => {
  const from = `127.0.0.1:${former.port}/postgres`;
  expect(await movedDatabase(applied, settings("127.0.0.1", other.port))).toMatchObject({
    from,
    to: `127.0.0.1:${other.port}/postgres`,
  });
  expect(await movedDatabase(applied, settings("127.0.0.1", former.port, "shop"))).toMatchObject({ from });
});

test("the same database under the name that it was given is not another one", async () => {
  const rename = (from: string, to: string) =>
    former.query(`ALTER DATABASE ${from} RENAME TO ${to}`, former.at("super", "template1"));
  await rename("postgres", "renamed");
  try {
    expect(await movedDatabase(applied, settings("127.0.0.1", former.port, "renamed"))).toBeUndefined();
  } finally {
    await rename("renamed", "postgres");
  }
});

test("a stack's own database in place of an existing one is another one", async () => {
  const own = { ...settings("", 0), existingDatabase: undefined } as DatabaseSettings;
  expect(await movedDatabase(applied, own)).toMatchObject({ to: "a database of the stack's own" });
  const volumes = ["cdc-dev-postgres-data"];
  expect(await movedDatabase({ ...applied, volumes }, own)).toBeUndefined();
});

test("an address of Kafka Connect's that stays is told, and another one is not", async () => {
  const config = { "database.hostname": "db", "database.port": 5432 };
  const connector = { connectorName: "c", topicPrefix: "shop", slotName: "s", applied: { config } as never };
  const moved = (databaseAddress: string) =>
    movedDatabase({ ...applied, connector }, { ...settings("127.0.0.1", other.port), databaseAddress });
  expect(await moved("db:5432")).toMatchObject({ address: "db:5432" });
  expect(await moved("other:5432")).not.toHaveProperty("address");
  const [cost] = costsOf(applied, SETTINGS, [], { topics: new Map(), unreadLog: 0, moved: await moved("db:5432") });
  expect(cost!.text).toContain("cdc:databaseAddress, which stays db:5432: it has to lead to the other database by now");
});

describe("an address of Kafka Connect's that leads", () => {
  const refused = (databaseAddress: string, addresses?: string[]) =>
    refuseOtherAddress(
      { ...settings("127.0.0.1", former.port), databaseAddress },
      addresses && (() => Promise.resolve(addresses)),
    ).then(
      () => "",
      ({ message }: Error) => message,
    );
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  beforeEach(() => void warn.mockClear());

  test("to another database is refused, with both", async () => {
    expect(await refused(`127.0.0.1:${other.port}`, ["192.0.2.1"])).toContain(
      `cdc:databaseAddress 127.0.0.1:${other.port}, where Kafka Connect reads, is another database than 127.0.0.1:${former.port}/postgres`,
    );
  });

  test("to another database on this machine is told: that name is another machine's where Kafka Connect runs", async () => {
    expect(await refused(`localhost:${other.port}`)).toBe("");
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("the address is this machine's own here"));
  });

  test("to this machine by an address of its own is another one's for a Kafka Connect elsewhere alone", () => {
    const own = [
      { address: "127.0.0.1", internal: true },
      { address: "192.0.2.1", internal: false },
    ];
    const relative = (address: string) => [isRelative(address, own, true), isRelative(address, own, false)];
    expect(relative("192.0.2.1")).toEqual([true, false]);
    expect(relative("192.0.2.2")).toEqual([false, false]);
    expect(relative("127.0.0.1")).toEqual([true, true]);
  });

  test.each([
    ["to the same one, under another name", () => `localhost:${former.port}`],
    ["to where nothing answers here", () => "127.0.0.1:1"],
  ])("%s is taken", async (_where, address) => {
    expect(await refused(address())).toBe("");
  });
});

const SETTINGS = {
  ...{ snapshotMode: "initial", connectorName: "c", captureName: "debezium", topicPrefix: "shop" },
  ...{ cleanupPolicy: "delete", retentionMs: 1, consumer: "handler" },
} as CostSettings;
const MOVED = {
  ...{ from: "a:5432/shop", to: "b:5432/shop" },
  capture: { role: "debezium", publication: "debezium", slotName: "cdc_dev" },
};
const costs = (unreadLog?: number) =>
  costsOf({ ...applied, connector: { connectorName: "c", topicPrefix: "shop", slotName: "cdc_dev" } }, SETTINGS, [], {
    topics: new Map(),
    unreadLog,
    moved: MOVED,
  });

test("what another database costs is said, with what goes in the former one, and asked for", () => {
  const [cost] = costs(3e6);
  expect(cost).toMatchObject({ loses: true });
  expect(cost!.text).toContain(
    "cdc:databaseUrl a:5432/shop -> b:5432/shop: another database, so the connector begins anew. Slot cdc_dev there is dropped with 3 MB of " +
      "unread log, and role debezium and publication debezium with it. Every row is read again (snapshotMode initial)",
  );
  expect(costs(undefined)[0]!.text).toContain(
    "if that server does not answer, they stay there, and the slot keeps its log until somebody drops it",
  );
});
