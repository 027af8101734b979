import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { captureSql, releaseSql } from "../../../components/capture/capture-sql";
import { DONE, EMPTY, INPUTS, PLAIN, WHOLE, ids, table } from "./database";

describe("SQL", () => {
  test("makes everything on an empty database", () => {
    expect(captureSql(INPUTS, ids("public.customers"), EMPTY, "SCRAM$x")).toEqual([
      `CREATE ROLE "debezium" LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD 'SCRAM$x'`,
      `ALTER ROLE "debezium" SET bytea_output = 'hex'`,
      `ALTER ROLE "debezium" SET datestyle = 'ISO, MDY'`,
      `ALTER ROLE "debezium" SET default_transaction_read_only = 'off'`,
      `ALTER ROLE "debezium" SET extra_float_digits = '1'`,
      `ALTER ROLE "debezium" SET idle_in_transaction_session_timeout = '0'`,
      `ALTER ROLE "debezium" SET intervalstyle = 'postgres'`,
      `ALTER ROLE "debezium" SET jit = 'off'`,
      `ALTER ROLE "debezium" SET lc_monetary = 'C'`,
      `ALTER ROLE "debezium" SET lock_timeout = '0'`,
      `ALTER ROLE "debezium" SET row_security = 'on'`,
      `ALTER ROLE "debezium" SET search_path = "$user", public`,
      `ALTER ROLE "debezium" SET statement_timeout = '0'`,
      `ALTER ROLE "debezium" SET transaction_timeout = '0'`,
      `CREATE SCHEMA IF NOT EXISTS "debezium"`,
      `CREATE TABLE IF NOT EXISTS "debezium"."signals" (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data text)`,
      `CREATE TABLE "debezium"."captured" (relation oid PRIMARY KEY, schema text, name text, named text, published oid, key text, ` +
        "id text, identity text, identity_index text, attached text, forms text, labels text, since timestamptz, whole boolean, placed text, house text, made text, parts jsonb, cells jsonb, untold text)",
      `INSERT INTO "debezium"."captured" AS t (relation, identity, identity_index) VALUES (1, 'DEFAULT', NULL) ` +
        "ON CONFLICT (relation) DO UPDATE SET identity = EXCLUDED.identity, identity_index = EXCLUDED.identity_index WHERE t.identity IS NULL",
      `ALTER TABLE "public"."customers" REPLICA IDENTITY FULL`,
      `CREATE PUBLICATION "debezium" FOR TABLE "public"."customers", "debezium"."signals" ` +
        "WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)",
      ...[`ROLE "debezium"`, `PUBLICATION "debezium"`, `TABLE "debezium"."signals"`, `TABLE "debezium"."captured"`].map(
        (what) => `COMMENT ON ${what} IS 'Change data capture of cdc-dev/capture. Goes with it.'`,
      ),
      `GRANT USAGE ON SCHEMA "debezium" TO "debezium"`,
      `GRANT SELECT, INSERT, DELETE ON "debezium"."signals" TO "debezium"`,
      `GRANT SELECT, UPDATE (named, parts, cells, untold) ON "debezium"."captured" TO "debezium"`,
      `GRANT USAGE ON SCHEMA "public" TO "debezium"`,
      `GRANT SELECT ON "public"."customers" TO "debezium"`,
      `DELETE FROM "debezium"."captured" WHERE relation <> ALL ('{1}')`,
      expect.stringMatching(/^INSERT INTO "debezium"."captured" .* jsonb_each_text\('\{"public.customers":"1"\}'\)/),
    ]);
  });

  test("changes no table, publication or attribute that is right already", () => {
    const sql = captureSql(INPUTS, ids("public.customers"), DONE, "SCRAM$x").join("\n");
    expect(sql).not.toMatch(/CREATE|PUBLICATION|REPLICA IDENTITY|REVOKE/);
    expect(sql).toContain(`ALTER ROLE "debezium" PASSWORD 'SCRAM$x'`);
  });

  test("another table: published, granted; the old one taken out", () => {
    const sql = captureSql(INPUTS, ids("public.orders"), DONE, "v", { ...INPUTS, captured: ["public.customers"] });
    expect(sql).toContain(`ALTER PUBLICATION "debezium" SET TABLE "public"."orders", "debezium"."signals"`);
    expect(sql).toContain(`GRANT SELECT ON "public"."orders" TO "debezium"`);
    expect(sql).toContain(`REVOKE ALL ON "public"."customers" FROM "debezium"`);
  });

  test("a role that gained rights loses them, by name of what differs only", () => {
    const role = { login: false, replication: true, superuser: true, createdb: false, createrole: true, ...PLAIN };
    expect(captureSql(INPUTS, ids("public.customers"), { ...DONE, role }, "v")[0]).toBe(
      `ALTER ROLE "debezium" LOGIN NOSUPERUSER NOCREATEROLE PASSWORD 'v'`,
    );
  });

  test("a publication FOR ALL TABLES is dropped and made again", () => {
    const publication = { ...WHOLE, allTables: true, tables: [] };
    const sql = captureSql(INPUTS, ids("public.customers"), { ...DONE, publication }, "v");
    expect(sql.filter((line) => line.includes("PUBLICATION"))).toEqual([
      `DROP PUBLICATION "debezium"`,
      expect.stringMatching(/^CREATE PUBLICATION/),
      expect.stringMatching(/^COMMENT ON PUBLICATION "debezium"/),
    ]);
  });

  test("puts back the replica identity of what is no longer captured, if it is still what the capture made it", () => {
    const tables = [
      { ...table("public.customers", "FULL"), oid: "1" },
      { ...table("public.orders", "FULL"), oid: "2" },
      { ...table("public.chosen", "NOTHING"), oid: "3" },
      { ...table("public.part_1", "FULL"), oid: "4", root: "public.parted" },
    ];
    const identities = { 1: "DEFAULT", 2: 'USING INDEX "k"', 3: "DEFAULT", 4: "NOTHING" };
    const facts = { ...DONE, tables, notes: { ...DONE.notes!, identities } };
    const restored = (sql: string[]) => sql.filter((each) => each.includes("REPLICA IDENTITY"));
    expect(restored(captureSql(INPUTS, ids("public.customers"), facts, "v"))).toEqual([
      `ALTER TABLE "public"."orders" REPLICA IDENTITY USING INDEX "k"`,
      `ALTER TABLE "public"."part_1" REPLICA IDENTITY NOTHING`,
    ]);
    expect(restored(releaseSql(INPUTS, facts))).toEqual([
      `ALTER TABLE "public"."customers" REPLICA IDENTITY DEFAULT`,
      `ALTER TABLE "public"."orders" REPLICA IDENTITY USING INDEX "k"`,
      `ALTER TABLE "public"."part_1" REPLICA IDENTITY NOTHING`,
    ]);
  });

  test("takes everything away, and only what is there", () => {
    expect(releaseSql(INPUTS, DONE)).toEqual([
      `DROP PUBLICATION "debezium"`,
      `DROP TABLE "debezium"."signals"`,
      `DROP TABLE "debezium"."captured"`,
      `REVOKE ALL ON "public"."customers" FROM "debezium"`,
      `REVOKE ALL ON SCHEMA "public" FROM "debezium"`,
      `REVOKE ALL ON SCHEMA "debezium" FROM "debezium"`,
      `DROP SCHEMA IF EXISTS "debezium"`,
      `DROP OWNED BY "debezium"`,
      `DROP ROLE "debezium"`,
    ]);
    expect(releaseSql(INPUTS, EMPTY)).toEqual([]);
  });

  test("no name can break out of its quotes", () => {
    const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes("."));
    fc.assert(
      fc.property(name, name, name, (schema, tableName, role) => {
        const each = `${schema}.${tableName}`;
        const facts = { ...EMPTY, tables: [table(each)] };
        const inputs = { ...INPUTS, role, publication: role };
        for (const sql of captureSql(inputs, ids(each), facts, "v'; DROP TABLE x; --")) {
          // In one pass, as Postgres reads: quotes of one kind have no meaning inside the other kind.
          const outside = sql.replace(/"(?:[^"]|"")*"|[ (]E?'(?:[^']|'')*'(?!')/g, "");
          expect(outside).toMatch(/^[A-Z](?:[\w ,.()=<>:+[\]]|-(?!-))*$/);
        }
      }),
    );
  });
});
