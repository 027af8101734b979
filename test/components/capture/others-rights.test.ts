import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "./database";

/** What other people did with the capture's role and schema must not stand in the way of its end. */
let server: EmbeddedPostgres;
let inputs: CaptureInputs;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE public.customers (id serial PRIMARY KEY)");
  const { port, user, password, database } = server.at();
  inputs = { ...INPUTS, port, adminUser: user, adminPassword: password!, database };
});
afterAll(() => server.stop());

const made = async (): Promise<CaptureOutputs> => (await captureProvider.create(inputs)).outs as CaptureOutputs;
const removed = (outs: CaptureOutputs): Promise<string> =>
  captureProvider.delete!("debezium", outs).then(
    () => "",
    ({ message }: Error) => message,
  );
const roles = () => server.query("SELECT FROM pg_roles WHERE rolname = 'debezium'");
const schemas = () => server.query("SELECT FROM pg_namespace WHERE nspname = 'debezium'");

test("rights on views, sequences, functions and what will be made go with the role", async () => {
  const outs = await made();
  for (const sql of [
    "CREATE VIEW seen AS SELECT 1 AS one",
    "GRANT SELECT ON seen TO debezium",
    "GRANT USAGE ON SEQUENCE customers_id_seq TO debezium",
    "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "GRANT EXECUTE ON FUNCTION one() TO debezium",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO debezium",
  ])
    await server.query(sql);
  expect(await removed(outs)).toBe("");
  expect(await roles()).toEqual([]);
  expect(await schemas()).toEqual([]);
  expect(await server.query("SELECT one FROM seen")).toEqual([{ one: 1 }]);
});

test("what somebody made as the role is not dropped with it, and is named with the way out", async () => {
  const outs = await made();
  await server.query("CREATE TABLE public.beats (id int); ALTER TABLE public.beats OWNER TO debezium");
  expect(await removed(outs)).toContain(
    `Role debezium owns what the capture did not make: table beats. Drop it, or give it to another owner, then run this again: REASSIGN OWNED BY "debezium" TO "super";`,
  );
  await server.query('REASSIGN OWNED BY "debezium" TO "super"');
  expect(await removed(outs)).toBe("");
});

test("a schema that somebody else made, or that holds more, stays", async () => {
  await server.query("CREATE ROLE dba; CREATE SCHEMA debezium AUTHORIZATION dba");
  expect(await removed(await made())).toBe("");
  expect(await schemas()).toHaveLength(1);
  await server.query("DROP SCHEMA debezium");
  const outs = await made();
  await server.query("CREATE FUNCTION debezium.one() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  expect(await removed(outs)).toBe("");
  expect(await schemas()).toHaveLength(1);
  await server.query("DROP SCHEMA debezium CASCADE");
});

test("rights in another database are named", async () => {
  const outs = await made();
  await server.query("CREATE DATABASE other");
  await server.query("CREATE TABLE there (id int); GRANT SELECT ON there TO debezium", server.at("super", "other"));
  expect(await removed(outs)).toMatch(/some objects depend on it: .*database other.* DROP OWNED BY/);
  await server.query("DROP OWNED BY debezium", server.at("super", "other"));
  expect(await removed(outs)).toBe("");
});
