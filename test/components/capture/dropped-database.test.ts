import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureOutputs } from "../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "./database";

/** The end of a capture whose database was dropped, or has another name. */
let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("SELECT 1");
});
afterAll(() => server.stop());

let applied: CaptureOutputs;
let said: jest.SpiedFunction<typeof console.error>;
beforeEach(async () => {
  said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await server.query("CREATE DATABASE shop");
  for (const sql of [
    "CREATE TABLE public.customers (id int PRIMARY KEY)",
    "SELECT pg_create_logical_replication_slot('cdc_dev', 'pgoutput')",
  ])
    await server.query(sql, server.at("super", "shop"));
  const login = { port: server.port, database: "shop", adminUser: "super", adminPassword: "super" };
  applied = (await captureProvider.create({ ...INPUTS, ...login, keepSlot: true })).outs as CaptureOutputs;
  applied = { ...applied, keepSlot: false };
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const { name } of await server.query<{ name: string }>("SELECT slot_name AS name FROM pg_replication_slots"))
    await server.query(`SELECT pg_drop_replication_slot('${name}')`);
  for (const name of ["shop", "store", "other"]) await server.query(`DROP DATABASE IF EXISTS ${name}`);
  await server.query("DROP ROLE IF EXISTS debezium");
});

const remove = (state: CaptureOutputs) => captureProvider.delete!(applied.publication, state);
const roles = () => server.query("SELECT FROM pg_roles WHERE rolname = 'debezium'");
const words = (): string => said.mock.calls.flat().join("\n");
/** As a state of an earlier version, or an administrator who may not ask for the database's id. */
const earlier = ({ server: _server, ...rest }: CaptureOutputs): CaptureOutputs => rest;

const STATES: [string, (state: CaptureOutputs) => CaptureOutputs][] = [
  ["a state that has its id", (state) => state],
  ["a state of an earlier version", earlier],
];

test.each(STATES)("a dropped database is gone with its capture, and the role is dropped: %s", async (_which, as) => {
  await server.query("DROP DATABASE shop");
  await remove(as(applied));
  expect(await roles()).toEqual([]);
  expect(words()).toBe(
    `Postgres at 127.0.0.1:${server.port} has no database shop any more, so capture debezium counts as gone with it.`,
  );
});

test("a role that has rights elsewhere is left, and named with the statement that drops it", async () => {
  await server.query("CREATE DATABASE other");
  await server.query("GRANT CONNECT ON DATABASE other TO debezium");
  await server.query("DROP DATABASE shop");
  await remove(applied);
  expect(await roles()).toHaveLength(1);
  expect(words()).toContain(
    'counts as gone with it. Role debezium is left (role "debezium" cannot be dropped because some objects depend ' +
      'on it: privileges for database other). To drop it: DROP ROLE "debezium";',
  );
});

test("a role that another capture has marked meanwhile stays", async () => {
  await server.query("DROP DATABASE shop");
  await server.query("COMMENT ON ROLE debezium IS 'Change data capture of cdc-two/capture. Goes with it.'");
  await remove(applied);
  expect(await roles()).toHaveLength(1);
});

test("where no other database lets anybody in, the capture is gone all the same, and what may be left is named", async () => {
  await server.query("DROP DATABASE shop");
  const close = (is: boolean) =>
    server.query(`ALTER DATABASE postgres ALLOW_CONNECTIONS ${is}`, server.at("super", "template1"));
  await close(false);
  await remove(applied).finally(() => close(true));
  expect(words()).toContain("Slot cdc_dev is left if it was renamed.");
  expect(words()).toContain('Role debezium is left (database "postgres" is not currently accepting connections)');
});

test.each(STATES)(
  "a renamed database is none that was dropped: the capture is removed from it: %s",
  async (_which, as) => {
    await server.query("ALTER DATABASE shop RENAME TO store");
    await remove(as(applied));
    expect(words()).toBe("");
    expect(await roles()).toEqual([]);
    expect(await server.query("SELECT FROM pg_replication_slots")).toEqual([]);
    expect(await server.query("SELECT FROM pg_publication", server.at("super", "store"))).toEqual([]);
  },
);

test("a slot of the same name in somebody else's database is left alone", async () => {
  await server.query("DROP DATABASE shop");
  await server.query("CREATE DATABASE other");
  await server.query("SELECT pg_create_logical_replication_slot('cdc_dev', 'pgoutput')", server.at("super", "other"));
  await remove(earlier(applied));
  expect(await server.query("SELECT FROM pg_replication_slots")).toHaveLength(1);
  expect(words()).toContain("has no database shop any more");
});
