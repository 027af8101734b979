import { describe, expect, test } from "@jest/globals";
import type { DatabaseFacts } from "../../../../components/capture/facts/database-facts";
import { refusals } from "../../../../components/capture/tables/refusals";
import { captureSql } from "../../../../components/capture/capture-sql";
import type { CaptureInputs } from "../../../../components/capture/capture-types";
import { DONE, EMPTY, INPUTS, ids, table } from "../database";

describe("what cannot be captured", () => {
  const refused = (change: object, inputs: Partial<CaptureInputs> = {}, facts: Partial<DatabaseFacts> = {}) =>
    refusals({ ...INPUTS, ...inputs }, ["public.t"], {
      ...DONE,
      tables: [{ ...table("public.t"), ...change }],
      ...facts,
    });

  test.each<[string, object, Partial<CaptureInputs>, Partial<DatabaseFacts>]>([
    [
      "public.t: no primary key, so applications could no longer",
      { hasKey: false },
      { replicaIdentity: "DEFAULT" },
      {},
    ],
    [
      'the record\'s key has id too. Run ALTER TABLE "public"."t" REPLICA IDENTITY DEFAULT, or set replicaIdentity to FULL.',
      { replicaIdentity: "INDEX", keyNotLogged: ["id"] },
      { replicaIdentity: "DEFAULT" },
      {},
    ],
    ["public.t: partitioned and without a primary key", { hasKey: false, isPartitioned: true }, {}, {}],
    [
      "public.t: no primary key or unique index that holds for all rows at any moment, so its records have none",
      { hasKey: false, hasRecordKey: false },
      { wantsKeys: true },
      {},
    ],
    ["public.t: public.car inherits from it", { children: ["public.car"] }, {}, {}],
    ["public.t: row level security would hide rows", { rowSecurity: true }, {}, { mayBypass: false }],
    [
      "Debezium stops at columns whose names differ in case only (Größe, GRÖßE)",
      { columns: ["id", "Größe", "GRÖßE"] },
      {},
      {},
    ],
    [
      "public.t: no primary key, and with virtual column v Postgres would refuse",
      { hasKey: false, virtual: ["v"] },
      {},
      {},
    ],
    ["public.t: its NOT NULL is not validated", { unvalidated: ["t_a_not_null"] }, {}, {}],
    ["twice is part of its key", { generatedKey: ["twice"] }, {}, {}],
    ["ALTER ROLE cdctest BYPASSRLS.", { rowSecurity: true }, {}, { mayBypass: false, role: undefined }],
    ["Let adminUser be a superuser", { rowSecurity: true }, {}, { mayBypass: false, role: undefined, version: 150000 }],
    ['public.t: Debezium cannot tell it from "public.a".b', { twin: '"public.a".b' }, {}, {}],
  ])("%s", (reason, change, inputs, facts) => {
    expect(refused(change, inputs, facts)).toEqual([expect.stringContaining(reason)]);
  });

  test.each<[string, object, Partial<CaptureInputs>]>([
    ["a table without a key, whole old rows", { hasKey: false }, {}],
    ["a unique index' key for a compacted topic", { hasKey: false }, { wantsKeys: true }],
    ["an index chosen as the key", { hasKey: false, replicaIdentity: "INDEX" }, { replicaIdentity: "DEFAULT" }],
    ["another index than the key's, when FULL takes its place", { replicaIdentity: "INDEX", keyNotLogged: ["id"] }, {}],
    ["policies that the administrator may lift", { rowSecurity: true }, {}],
  ])("%s can", (_what, change, inputs) => {
    expect(refused(change, inputs)).toEqual([]);
  });

  test("tables that schema.* stands for: a name that Debezium cannot ask for, and two with one topic", () => {
    const names = ['public."a', "public.b c", "public.b_c"];
    expect(refusals(INPUTS, names, { ...DONE, tables: names.map((name) => table(name)) })).toEqual([
      expect.stringContaining('public."a: Debezium cannot ask for a name that begins or ends with a double quote.'),
      expect.stringContaining("public.b c, public.b_c: their changes would go to one topic"),
    ]);
  });

  test("policies: the role is let past them", () => {
    const tables = [{ ...table("public.customers", "FULL"), rowSecurity: true }];
    expect(captureSql(INPUTS, ids("public.customers"), { ...DONE, tables }, "v")[0]).toBe(
      `ALTER ROLE "debezium" BYPASSRLS PASSWORD 'v'`,
    );
  });

  test("PostgreSQL 18: generated columns are published, and a virtual one leaves its table the key as identity", () => {
    const tables = [{ ...table("public.t"), virtual: ["v"] }, table("public.u")];
    const sql = captureSql(INPUTS, ids("public.t", "public.u"), { ...EMPTY, version: 180000, tables }, "v").join("\n");
    expect(sql).toContain("publish_via_partition_root = true, publish_generated_columns = stored)");
    expect(sql).toContain('ALTER TABLE "public"."u" REPLICA IDENTITY FULL');
    expect(sql).not.toContain('ALTER TABLE "public"."t"');
  });

  test("partitions get the identity of their root; an index that somebody chose stays with DEFAULT", () => {
    const tables = [table("public.t", "FULL"), { ...table("public.t_1"), root: "public.t" }];
    expect(captureSql(INPUTS, ids("public.t"), { ...DONE, tables }, "v")).toContain(
      `ALTER TABLE "public"."t_1" REPLICA IDENTITY FULL`,
    );
    const indexed = { ...DONE, tables: [table("public.t", "INDEX")] };
    const inputs: CaptureInputs = { ...INPUTS, replicaIdentity: "DEFAULT" };
    expect(captureSql(inputs, ids("public.t"), indexed, "v").join()).not.toContain("IDENTITY");
  });
});
