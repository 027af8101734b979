import { createHmac, createHash, pbkdf2Sync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { diffCapture, driftOf, shapeFailures } from "../../../components/capture/capture-diff";
import type { DatabaseFacts } from "../../../components/capture/facts";
import { replicationName } from "../../../components/capture/object-names";
import { scramVerifier } from "../../../components/capture/scram";
import { captureSql, releaseSql } from "../../../components/capture/capture-sql";
import { certainTables, resolveTables } from "../../../components/capture/resolve-tables";
import type { CaptureInputs } from "../../../components/capture/capture-types";
import { UNKNOWN } from "../../../program/dynamic/unknown";
import { DONE, EMPTY, INPUTS, PLAIN, WHOLE, ids, table } from "./database";

describe("tables", () => {
  const existing = ["public.customers", "public.orders", "sales.orders", "sales.we.ird"];

  test("names and schemas resolve to a sorted list, each table once", () => {
    expect(resolveTables(["sales.*", "public.orders", "public.*"], existing)).toEqual({
      captured: ["public.customers", "public.orders", "sales.orders", "sales.we.ird"],
      missing: [],
    });
  });

  test.each([
    ["public.custmers", "Table public.custmers does not exist. Did you mean public.customers?"],
    ["app.customers", "Table app.customers does not exist. Did you mean public.customers?"],
    ["app.orders", "Table app.orders does not exist. Did you mean public.orders or sales.orders?"],
    ["pubic.*", "Schema pubic has no table. Did you mean public?"],
    ["public.invoices_2024", "Table public.invoices_2024 does not exist."],
  ])("%s", (pattern, reason) => {
    expect(resolveTables([pattern], existing).missing.map((each) => each.reason)).toEqual([reason]);
  });

  test("names in quotes", () => {
    const odd = ["public.a.b", "public.a, b", "public.Order Details"];
    expect(resolveTables(['public."a.b"', 'public."a, b"', 'public."Order Details"'], odd)).toEqual({
      captured: ["public.Order Details", "public.a, b", "public.a.b"],
      missing: [],
    });
  });

  test("only names are certain without a database", () => {
    expect(certainTables(["public.b", "public.a", 'public."b"'])).toEqual(["public.a", "public.b"]);
    expect(certainTables(["public.*"])).toBeUndefined();
  });
});

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
      `ALTER ROLE "debezium" SET lc_monetary = 'C'`,
      `ALTER ROLE "debezium" SET lock_timeout = '0'`,
      `ALTER ROLE "debezium" SET row_security = 'on'`,
      `ALTER ROLE "debezium" SET search_path = "$user", public`,
      `ALTER ROLE "debezium" SET statement_timeout = '0'`,
      `ALTER ROLE "debezium" SET transaction_timeout = '0'`,
      `CREATE SCHEMA IF NOT EXISTS "debezium"`,
      `CREATE TABLE IF NOT EXISTS "debezium"."signals" (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data text)`,
      `CREATE TABLE "debezium"."captured" (relation oid PRIMARY KEY, schema text, name text, named text, published oid, key text, ` +
        "id text, identity text, identity_index text)",
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
      `GRANT SELECT ON "debezium"."captured" TO "debezium"`,
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

  test("a publication FOR ALL TABLES is made anew", () => {
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
          // In one pass, as Postgres reads: a quote of one kind means nothing inside the other.
          const outside = sql.replace(/"(?:[^"]|"")*"|[ (]E?'(?:[^']|'')*'(?!')/g, "");
          expect(outside).toMatch(/^[A-Z](?:[\w ,.()=<>:+[\]]|-(?!-))*$/);
        }
      }),
    );
  });
});

describe("diff and drift", () => {
  const olds = { ...INPUTS, captured: ["public.customers"], tableIds: { "public.customers": "1" } };

  test("nothing", () => {
    expect(diffCapture(olds, { ...INPUTS, captured: ["public.customers"] }).changes).toBe(false);
    expect(diffCapture(olds, INPUTS).changes).toBe(false);
    expect(driftOf(INPUTS, ["public.customers"], DONE)).toEqual([]);
  });

  test("a table that appeared under schema.*", () => {
    const news = { ...INPUTS, captured: ["public.customers", "public.new"] };
    expect(diffCapture(olds, news)).toMatchObject({ changed: ["captured"], replaces: [] });
  });

  test.each(["database", "role", "publication", "slotName"] as const)("another %s replaces, old first", (key) => {
    expect(diffCapture(olds, { ...INPUTS, [key]: "other" })).toMatchObject({
      replaces: [key],
      deleteBeforeReplace: true,
    });
    expect(diffCapture(olds, { ...INPUTS, [key]: UNKNOWN }).replaces).toEqual([]);
  });

  test.each<[string, Partial<DatabaseFacts>]>([
    ["role debezium is missing", { role: undefined }],
    ["table debezium.captured is missing or of another version", { notes: undefined }],
    [
      "table debezium.captured is missing or of another version",
      { notes: { comment: WHOLE.comment, fits: false, ids: {}, changed: [], identities: {} } },
    ],
    ["debezium may not SELECT from debezium.captured", { selects: ["public.customers", "debezium.signals"] }],
    ["publication debezium is missing", { publication: undefined }],
    ["publication debezium lacks public.customers", { publication: { ...WHOLE, tables: ["debezium.signals"] } }],
    [
      "publication debezium also has public.orders",
      { publication: { ...DONE.publication!, tables: [...DONE.publication!.tables, "public.orders"] } },
    ],
    ["debezium may not SELECT from public.customers", { selects: ["debezium.captured"] }],
    ["public.customers has REPLICA IDENTITY DEFAULT", { tables: [table("public.customers")] }],
    [
      "public.part_1 has REPLICA IDENTITY DEFAULT",
      { tables: [table("public.customers", "FULL"), { ...table("public.part_1"), root: "public.customers" }] },
    ],
    [
      "row level security of public.customers hides rows from debezium",
      { tables: [{ ...table("public.customers", "FULL"), rowSecurity: true }] },
    ],
    [
      "sessions of debezium do not pin intervalstyle",
      { role: { ...DONE.role!, settings: PLAIN.settings.filter((each) => !each.startsWith("interval")) } },
    ],
    [
      "sessions of debezium do not pin bytea_output",
      { role: { ...DONE.role!, here: ["bytea_output=escape", "work_mem=1MB", "datestyle=ISO, MDY"] } },
    ],
    [
      "publication debezium has only part of public.customers (a row filter or a column list)",
      { publication: { ...DONE.publication!, partial: ["public.customers"] } },
    ],
    [
      "publication debezium leaves operations out, or does not publish via the root",
      { publication: { ...DONE.publication!, complete: false } },
    ],
  ])("%s", (line, change) => {
    expect(driftOf(INPUTS, ["public.customers"], { ...DONE, ...change })).toEqual([line]);
  });

  test("a table that was made anew is told once, whatever is missing from it", () => {
    const changed = [{ table: "public.customers", what: "remade", was: null, now: null }] as const;
    const facts = {
      ...DONE,
      tables: [table("public.customers"), table("debezium.captured")],
      publication: { ...WHOLE, tables: ["debezium.signals"] },
      selects: ["debezium.captured"],
      notes: { ...DONE.notes!, changed: [...changed] },
    };
    expect(driftOf(INPUTS, ["public.customers"], facts)).toEqual([
      "public.customers was dropped and made again: its rows are read again",
    ]);
  });

  test("so is one that was renamed, whose new name the publication has", () => {
    const changed = {
      table: "public.customers",
      what: "renamed",
      was: "public.customers",
      now: "public.clients",
    } as const;
    const publication = { ...WHOLE, tables: ["debezium.signals", "public.clients"] };
    const facts = { ...DONE, publication, notes: { ...DONE.notes!, changed: [changed] } };
    expect(driftOf(INPUTS, ["public.customers"], facts)).toEqual(["public.customers was renamed to public.clients"]);
  });

  test("an apply that was killed before the state knew of it is made good", () => {
    expect(diffCapture(olds, { ...INPUTS, noted: { "public.customers": "1", "public.more": "2" } }).changes).toBe(
      false,
    );
    expect(diffCapture(olds, { ...INPUTS, noted: { "public.customers": "1 later" } })).toMatchObject({
      changed: ["tableIds"],
      replaces: [],
    });
  });
});

describe("inputs that are wrong on their face", () => {
  test.each<[string, object]>([
    ["tables", { tables: [] }],
    ["tables[1]", { tables: ["public.a", "b"] }],
    ["slotName", { slotName: "Not-A-Slot" }],
    ["port", { port: 70000 }],
    ["role", { role: INPUTS.adminUser }],
    ["replicaIdentity", { replicaIdentity: "ALL" }],
    ["replicaIdentity", { replicaIdentity: "NOTHING" }],
    ["signalTable", { signalTable: "signals" }],
    ["signalTable", { signalTable: "debezium.captured" }],
    ["tables[0]", { tables: ["debezium.captured"] }],
  ])("%s", (property, change) => {
    expect(shapeFailures({ ...INPUTS, ...change } as CaptureInputs).map((each) => each.property)).toEqual([property]);
  });

  test("right ones, and those not known yet, pass", () => {
    expect(shapeFailures(INPUTS)).toEqual([]);
    expect(shapeFailures({ ...INPUTS, tables: UNKNOWN, port: UNKNOWN, role: UNKNOWN } as never)).toEqual([]);
  });
});

test("names that Postgres takes", () => {
  expect(replicationName("cdc-dev", "customer-cdc")).toBe("cdc_dev_customer_cdc");
  expect(replicationName("x".repeat(100))).toHaveLength(63);
  expect(() => replicationName("-", "–")).toThrow("no letter and no digit");
});

test("the verifier is the one Postgres checks a login against, and does not show the password", () => {
  const salt = Buffer.alloc(16, 7);
  const verifier = scramVerifier("hunter2", salt);
  const [, iterations, stored, server] = /^SCRAM-SHA-256\$(\d+):[^$]+\$([^:]+):(.+)$/.exec(verifier) ?? [];
  const salted = pbkdf2Sync("hunter2", salt, Number(iterations), 32, "sha256");
  const sign = (text: string) => createHmac("sha256", salted).update(text).digest();
  expect(stored).toBe(createHash("sha256").update(sign("Client Key")).digest("base64"));
  expect(server).toBe(sign("Server Key").toString("base64"));
  expect(verifier).not.toContain("hunter2");
});
