import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "./database";

/** Removes, after the first `up`, each thing by which the administrator or the connector's role can use the database. */
let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("select 1");
}, 60_000);
afterAll(() => server.stop());

/** Makes a database with a capture, as after an `up`. Names of roles and passwords begin with its name. */
async function captured(name: string): Promise<CaptureOutputs> {
  await server.query(`CREATE ROLE ${name}_boss SUPERUSER LOGIN PASSWORD '${name}_boss'`);
  await server.query(`CREATE DATABASE ${name}`);
  await server.query("CREATE TABLE public.customers (id int PRIMARY KEY)", server.at("super", name));
  const declared: CaptureInputs = {
    ...INPUTS,
    ...{ port: server.port, database: name, adminUser: `${name}_boss`, adminPassword: `${name}_boss` },
    ...{ role: `${name}_cdc`, rolePassword: `${name}_cdc`, publication: `${name}_cdc`, slotName: `${name}_slot` },
    ...{ signalTable: `${name}_cdc.signals`, owner: `cdc-test/${name}` },
  };
  const { inputs } = await captureProvider.check!({} as CaptureInputs, declared);
  const { outs } = await captureProvider.create(inputs!);
  return outs as CaptureOutputs;
}

/** Runs the next preview of the same declaration. */
async function nextPreview(outs: CaptureOutputs) {
  const { inputs, failures } = await captureProvider.check!(outs, { ...outs, drift: undefined });
  return { inputs: inputs!, reasons: failures!.map(({ reason }) => reason) };
}

test.each([
  [
    "word",
    "ALTER ROLE word_boss PASSWORD 'another'",
    /^127.0.0.1:\d+ no longer lets word_boss in: password auth.*word_boss". .*doctor/,
  ],
  ["named", "ALTER ROLE named_boss RENAME TO named_owner", /lets named_boss in: .* Check adminUser/],
  ["locked", "ALTER ROLE locked_boss NOLOGIN", /role "locked_boss" is not permitted to log in\. Check adminUser/],
  ["late", "ALTER ROLE late_boss VALID UNTIL '2001-01-01'", /no longer lets late_boss in/],
  ["moved", "ALTER DATABASE moved RENAME TO elsewhere", /database "moved" does not exist\. Check database/],
  ["shut", "ALTER DATABASE shut ALLOW_CONNECTIONS false", /ALTER DATABASE … ALLOW_CONNECTIONS true\./],
  ["few", "ALTER DATABASE few CONNECTION LIMIT 0", /Only superusers may connect: ALTER DATABASE … CONNECTION LIMIT -1/],
])("%s: what shuts everybody out is refused by name, with the way out: %s", async (name, damage, said) => {
  const outs = await captured(name);
  await server.query(damage);
  const { reasons } = await nextPreview(outs);
  expect(reasons).toEqual([expect.stringMatching(said)]);
});

test("a password that the same run brings to the database is not refused", async () => {
  const outs = await captured("fresh");
  const { failures } = await captureProvider.check!(outs, { ...outs, adminPassword: "new" });
  expect(failures).toEqual([]);
});

const CUSTOMERS = "SELECT id FROM public.customers";

test.each([
  ["changed", "ALTER ROLE changed_cdc PASSWORD 'another'", "role changed_cdc cannot log in with its password"],
  ["barred", "ALTER ROLE barred_cdc NOLOGIN", "role barred_cdc lost LOGIN or REPLICATION"],
  ["over", "ALTER ROLE over_cdc VALID UNTIL '2001-01-01'", "over_cdc has expired"],
  ["bound", "ALTER ROLE bound_cdc CONNECTION LIMIT 0", "bound_cdc has a CONNECTION LIMIT"],
  ["other", "ALTER ROLE other_cdc RENAME TO another_cdc", "role other_cdc is missing"],
  ["apart", "REVOKE CONNECT ON DATABASE apart FROM public", "apart_cdc may not CONNECT"],
  ["schema", "REVOKE USAGE ON SCHEMA public FROM public, schema_cdc", "schema_cdc may not use schema public"],
  ["own", "REVOKE USAGE ON SCHEMA own_cdc FROM own_cdc", "own_cdc may not use schema own_cdc"],
  [
    "written",
    "REVOKE INSERT ON written_cdc.signals FROM written_cdc",
    "written_cdc may not write to written_cdc.signals",
  ],
  [
    "removed",
    "REVOKE DELETE ON removed_cdc.signals FROM removed_cdc",
    "removed_cdc may not write to removed_cdc.signals",
  ],
])("%s: a right that the role has lost is reported, and an up grants it again: %s", async (name, damage, told) => {
  const outs = await captured(name);
  await server.query(damage, server.at("super", name));
  const { inputs, reasons } = await nextPreview(outs);
  expect(reasons).toEqual([]);
  expect(inputs.drift?.found).toEqual([told]);
  const repaired = (await captureProvider.update!(name, outs, inputs)).outs as CaptureOutputs;
  const role = server.at(`${name}_cdc`, name);
  const signal = `INSERT INTO ${name}_cdc.signals VALUES ('1', 'log'); DELETE FROM ${name}_cdc.signals`;
  await expect(server.query(`${CUSTOMERS}; ${signal}`, role)).resolves.toEqual([]);
  expect((await nextPreview(repaired)).inputs.drift).toBeUndefined();
});
