import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { catalogue } from "../../support/database/catalogue";
import { INPUTS } from "./database";

// Uses a real server or a process of its own, where a step takes seconds on a busy machine.
let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("select 1");
});
afterAll(() => server.stop());

/** Makes a database with a table of its owner's, and an administrator with only a login. */
async function database(name: string, more: string[] = []): Promise<CaptureInputs> {
  for (const sql of [
    `CREATE ROLE ${name}_owner LOGIN PASSWORD '${name}_owner'`,
    `CREATE ROLE ${name}_admin LOGIN PASSWORD '${name}_admin'`,
    `CREATE DATABASE ${name} OWNER ${name}_owner`,
  ]) {
    await server.query(sql);
  }
  const at = server.at("super", name);
  await server.query(
    [
      "CREATE SCHEMA shop",
      `ALTER SCHEMA shop OWNER TO ${name}_owner`,
      "CREATE TABLE shop.orders (id int PRIMARY KEY, total numeric)",
      `ALTER TABLE shop.orders OWNER TO ${name}_owner`,
      ...more,
    ].join(";"),
    at,
  );
  return {
    ...INPUTS,
    ...{ port: server.port, database: name, adminUser: `${name}_admin`, adminPassword: `${name}_admin` },
    ...{ role: `${name}_cdc`, rolePassword: `${name}_cdc`, publication: `${name}_cdc`, slotName: `${name}_slot` },
    ...{ signalTable: `${name}_cdc.signals`, tables: ["shop.orders"], owner: `cdc-test/${name}` },
  };
}

/** The message with which a preview refuses it. */
async function refusal(inputs: CaptureInputs): Promise<string> {
  const { failures } = await captureProvider.check!({} as CaptureInputs, inputs);
  return failures!.map(({ reason }) => reason).join("\n");
}

/** The SQL for a DBA in a refusal: its indented lines. */
function sqlIn(text: string): string {
  return text
    .split("\n")
    .filter((line) => line.startsWith("  "))
    .join("\n");
}

describe("an administrator that is no superuser", () => {
  test("what the login lacks is named as SQL that is enough when it is run, and the database is unchanged", async () => {
    const inputs = await database("small");
    const at = server.at("super", "small");
    const said = await refusal(inputs);
    expect(said).toContain(
      `small_admin may not do all that this capture needs in database small at 127.0.0.1:${server.port}.`,
    );
    expect(sqlIn(said).split("\n")).toEqual([
      '  ALTER ROLE "small_admin" CREATEROLE REPLICATION;',
      '  GRANT CREATE ON DATABASE "small" TO "small_admin";',
      '  GRANT USAGE ON SCHEMA "shop" TO "small_admin" WITH GRANT OPTION;',
      '  GRANT "small_owner" TO "small_admin" WITH INHERIT TRUE, SET FALSE;',
    ]);
    await expect(captureProvider.create(inputs)).rejects.toThrow('ALTER ROLE "small_admin" CREATEROLE REPLICATION;');
    await server.query(sqlIn(said), at);
    const before = await catalogue((sql) => server.query(sql, at));
    expect(await refusal(inputs)).toBe("");
    const { outs } = await captureProvider.create(inputs);
    expect(
      await server.query("SELECT current_user, id FROM shop.orders", {
        ...at,
        user: "small_cdc",
        password: "small_cdc",
      }),
    ).toEqual([]);
    // Another apply, and one with another table's state, need no more rights.
    await captureProvider.update!(inputs.publication, outs as CaptureOutputs, inputs);
    await server.query(`SELECT pg_create_logical_replication_slot('small_slot', 'pgoutput')`, at);
    await captureProvider.delete!(inputs.publication, outs as CaptureOutputs);
    expect(await catalogue((sql) => server.query(sql, at))).toEqual(before);
    expect(await server.query("SELECT FROM pg_replication_slots WHERE slot_name = 'small_slot'")).toEqual([]);
  });

  test("a role that the DBA made is used as it is, and stays; what it was granted for the capture goes", async () => {
    const inputs = {
      ...(await database("given", [
        "CREATE ROLE given_cdc LOGIN REPLICATION PASSWORD 'given_cdc'",
        "GRANT CREATE ON DATABASE given TO given_admin",
        "GRANT USAGE ON SCHEMA shop TO given_admin WITH GRANT OPTION",
        "GRANT given_owner TO given_admin WITH INHERIT TRUE, SET FALSE",
        "CREATE TABLE shop.read_before (id int PRIMARY KEY)",
        "ALTER TABLE shop.read_before OWNER TO given_owner",
        "GRANT SELECT ON shop.read_before TO given_cdc",
      ])),
      tables: ["shop.orders", "shop.read_before"],
    };
    const at = server.at("super", "given");
    expect(await refusal(inputs)).toContain("Role given_cdc already exists");
    const mine = { ...inputs, existingRole: true };
    expect(await refusal({ ...mine, rolePassword: "another" })).toContain("does not log in with the password");
    const said = await refusal(mine);
    // The role's sessions need settings for reading values, which this administrator may not set.
    expect(sqlIn(said).split("\n")).toContain(`  ALTER ROLE "given_cdc" SET bytea_output = 'hex';`);
    expect(sqlIn(said)).not.toMatch(/CREATEROLE|WITH ADMIN/);
    await server.query(sqlIn(said), at);
    const before = await catalogue((sql) => server.query(sql, at));
    expect(await refusal(mine)).toBe("");
    const { outs } = await captureProvider.create(mine);
    expect(outs).toMatchObject({ given: { tables: ["shop.orders"], schemas: ["shop"], connect: false } });
    const role = server.at("given_cdc", "given");
    expect(await server.query("SELECT FROM shop.orders", role)).toEqual([]);
    const { outs: again } = await captureProvider.update!(mine.publication, outs as CaptureOutputs, {
      ...mine,
      tables: ["shop.read_before"],
    });
    await expect(server.query("SELECT FROM shop.orders", role)).rejects.toThrow("permission denied");
    expect(await server.query("SELECT FROM shop.read_before", role)).toEqual([]);
    await server.query("SELECT pg_create_logical_replication_slot('given_slot', 'pgoutput')", at);
    await captureProvider.delete!(mine.publication, again as CaptureOutputs);
    expect(await catalogue((sql) => server.query(sql, at))).toEqual(before);
  });

  test("the last one of the rights suffices: each that is missing is named, and no other", async () => {
    const inputs = await database("each", ["ALTER DATABASE each OWNER TO super"]);
    const at = server.at("super", "each");
    const all = sqlIn(await refusal(inputs)).split("\n");
    await server.query(all.join("\n"), at);
    const taken: [sql: string, back: string][] = [
      ["ALTER ROLE each_admin NOCREATEROLE", '  ALTER ROLE "each_admin" CREATEROLE;'],
      ["ALTER ROLE each_admin NOREPLICATION", '  ALTER ROLE "each_admin" REPLICATION;'],
      ["REVOKE CREATE ON DATABASE each FROM each_admin", '  GRANT CREATE ON DATABASE "each" TO "each_admin";'],
      ["REVOKE each_owner FROM each_admin", '  GRANT "each_owner" TO "each_admin" WITH INHERIT TRUE, SET FALSE;'],
    ];
    for (const [sql, back] of taken) {
      await server.query(sql, at);
      expect(sqlIn(await refusal(inputs))).toBe(back);
      await server.query(back, at);
      expect(await refusal(inputs)).toBe("");
    }
  });

  test("a database that is not open to everybody: the role is let in, and the grant goes with it", async () => {
    const inputs = await database("closed", [
      "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
      "GRANT CONNECT ON DATABASE closed TO closed_admin",
    ]);
    const at = server.at("super", "closed");
    const said = sqlIn(await refusal(inputs));
    // As a member of the owner, it may grant rights on the table.
    await server.query(said, at);
    const before = await catalogue((sql) => server.query(sql, at));
    expect(await refusal(inputs)).toBe("");
    const { outs } = await captureProvider.create(inputs);
    expect(await server.query("SELECT FROM shop.orders", server.at("closed_cdc", "closed"))).toEqual([]);
    await captureProvider.delete!(inputs.publication, outs as CaptureOutputs);
    expect(await catalogue((sql) => server.query(sql, at))).toEqual(before);
  });

  test("a managed service's role in place of REPLICATION", async () => {
    const inputs = await database("managed");
    const at = server.at("super", "managed");
    await server.query("CREATE ROLE rds_replication", at);
    try {
      await server.query(sqlIn(await refusal(inputs)), at);
      await server.query("GRANT rds_replication TO managed_admin WITH ADMIN OPTION", at);
      expect(await server.query("SELECT rolreplication FROM pg_roles WHERE rolname = 'managed_admin'", at)).toEqual([
        { rolreplication: false },
      ]);
      const { outs } = await captureProvider.create(inputs);
      expect(
        await server.query(
          "SELECT rolreplication AS attribute, pg_has_role('managed_cdc', 'rds_replication', 'MEMBER') AS member FROM pg_roles WHERE rolname = 'managed_cdc'",
          at,
        ),
      ).toEqual([{ attribute: false, member: true }]);
      await captureProvider.delete!(inputs.publication, outs as CaptureOutputs);
    } finally {
      await server.query("DROP ROLE rds_replication", at);
    }
  });
});
