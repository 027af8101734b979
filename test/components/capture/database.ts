import type { DatabaseFacts } from "../../../components/capture/facts/database-facts";
import type { TableFacts } from "../../../components/capture/facts/table-facts";
import type { Rights } from "../../../components/capture/role/rights-facts";
import { ROLE_SESSION } from "../../../components/capture/role/role";
import type { ServerFacts } from "../../../components/capture/facts/server";
import type { CaptureInputs } from "../../../components/capture/capture-types";

/** A declaration, and a database before and after it was applied. */
export const INPUTS: CaptureInputs = {
  host: "127.0.0.1",
  port: 55432,
  database: "cdctest",
  adminUser: "cdctest",
  adminPassword: "secret",
  role: "debezium",
  rolePassword: "hunter2",
  tables: ["public.customers"],
  publication: "debezium",
  slotName: "cdc_dev",
  owner: "cdc-dev/capture",
  replicaIdentity: "FULL",
  signalTable: "debezium.signals",
  keepSlot: false,
  readyTimeoutSeconds: 1,
};
export const table = (name: string, replicaIdentity = "DEFAULT"): TableFacts => ({
  name,
  oid: "1",
  replicaIdentity,
  identityIndex: null,
  hasKey: true,
  hasDeferrableKey: false,
  hasRecordKey: true,
  sharedKey: [],
  keyNotLogged: [],
  isPartition: false,
  root: null,
  isPartitioned: false,
  unlogged: [],
  children: [],
  twin: null,
  columns: ["id"],
  ...{ generated: [], virtual: [], generatedKey: [], unvalidated: [] },
  rowSecurity: false,
  ...{ owner: "cdctest", owned: true },
});
export const RIGHTS: Rights = {
  ...{ admin: "cdctest", superuser: true, createrole: true, replication: true, database: "cdctest" },
  ...{ mayCreate: true, mayGrantConnect: true, connects: true, connectGranted: false, replicationByMembership: false },
  schemas: { public: { mayUse: true, mayCreate: true, mayGrant: true, used: true } },
};
export const SERVER: ServerFacts = {
  ...{ walLevel: "logical", standby: false, pooled: false, encoding: "UTF8", closed: false },
  ...{ slots: { used: 0, most: 10 }, senders: { used: 0, most: 10 } },
};
export const EMPTY: DatabaseFacts = {
  version: 170000,
  server: SERVER,
  rights: RIGHTS,
  mayBypass: true,
  tables: [table("public.customers"), table("public.orders")],
  others: {},
  marks: [],
  selects: [],
  granted: [],
  usages: [],
};
const MARK = "Change data capture of cdc-dev/capture. Goes with it.";
export const PLAIN = {
  bypassrls: false,
  limited: false,
  expired: false,
  here: [],
  comment: MARK,
  alterable: true,
  settings: ROLE_SESSION.map(([name, value]) => `${name}=${value}`),
};
export const WHOLE = {
  allTables: false,
  complete: true,
  partial: [],
  generated: false,
  owner: "cdctest",
  owned: true,
  comment: MARK,
};
export const DONE: DatabaseFacts = {
  ...EMPTY,
  tables: [
    table("public.customers", "FULL"),
    ...[table("public.orders"), table("debezium.signals"), table("debezium.captured")],
  ],
  role: { login: true, replication: true, superuser: false, createdb: false, createrole: false, ...PLAIN },
  publication: { ...WHOLE, tables: ["debezium.signals", "public.customers"] },
  selects: ["public.customers", "debezium.signals", "debezium.captured"],
  granted: ["public.customers", "debezium.signals", "debezium.captured"],
  usages: ["public", "debezium"],
  marks: [MARK],
  signal: { owner: "cdctest", comment: MARK, written: true },
  notes: { comment: MARK, fits: true, ids: { "public.customers": "1" }, changed: [], identities: {} },
};
/** Tables in the form that an apply takes. */
export const ids = (...tables: string[]): Record<string, string> =>
  Object.fromEntries(tables.map((each) => [each, "1"]));
