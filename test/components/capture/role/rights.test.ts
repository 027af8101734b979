import { expect, test } from "@jest/globals";
import { captureSql } from "../../../../components/capture/capture-sql";
import { missingRights } from "../../../../components/capture/role/rights";
import { EMPTY, ids, INPUTS, RIGHTS } from "../database";

const facts = (version: number, replicationByMembership: boolean, createrole = true) => ({
  ...EMPTY,
  version,
  rights: { ...RIGHTS, superuser: false, replication: false, replicationByMembership, createrole },
  tables: EMPTY.tables,
});
const missing = (...args: Parameters<typeof facts>) =>
  missingRights(INPUTS, ["public.customers"], facts(...args), { given: false, fits: false });

test("before Postgres 16 somebody else makes a role with REPLICATION", () => {
  expect(missing(150000, false)[0]).toMatch(/^CREATE ROLE "debezium" LOGIN REPLICATION PASSWORD/);
  expect(missing(160000, false)).toEqual(['ALTER ROLE "cdctest" REPLICATION;']);
});

test.each([130000, 150000, 170000])(
  "where a managed service's role stands for REPLICATION, an administrator of version %i needs CREATEROLE alone",
  (version) => {
    expect(missing(version, true)).toEqual([]);
    expect(missing(version, true, false)).toEqual(['ALTER ROLE "cdctest" CREATEROLE;']);
    const sql = captureSql(INPUTS, ids("public.customers"), facts(version, true), "v").join("\n");
    expect(sql).toContain('CREATE ROLE "debezium" LOGIN NOSUPERUSER');
    expect(sql).toContain('GRANT "rds_replication" TO "debezium"');
    expect(sql).not.toContain("LOGIN REPLICATION");
  },
);
