import { splitTable, sqlName } from "../../names/sql-name";
import { chosenTables } from "../../names/chosen-tables";
import { nameOf, nameTrouble } from "../../names/table-names";
import { successionClashes, topicClashes } from "../../names/topic-names";
import type { DatabaseFacts } from "../facts/database-facts";
import type { TableFacts } from "../facts/table-facts";
import { hiddenTables } from "../role/role";
import { serverTroubles } from "../facts/server";
import { stockRefusals } from "./stock-columns";
import type { CaptureInputs } from "../capture-types";

/**
 * Pure: why these tables cannot be captured without losing rows or failing applications' writes, each with the
 * remedy.
 *
 * @param before the tables that were captured until now
 */
export function refusals(
  inputs: CaptureInputs,
  captured: readonly string[],
  facts: DatabaseFacts,
  before: readonly string[] = [],
): string[] {
  const tables = facts.tables.filter(({ name }) => captured.includes(name));
  const keyless = tables.filter(({ hasKey, replicaIdentity }) => !hasKey && replicaIdentity !== "INDEX");
  return [
    ...serverTroubles(inputs, facts.server, facts.slot),
    ...tables.flatMap(({ name }) => misnamed(name)),
    ...topicClashes(captured),
    ...successionClashes(before, captured),
    ...swallowed(inputs, captured, facts, before),
    ...tables.flatMap(({ name, twin }) => (twin ? [twofold(name, twin)] : [])),
    ...tables.flatMap(sameButForCase),
    ...tables.filter(({ columns, generated }) => columns.length === generated.length).map(withoutColumns),
    ...tables.flatMap((table) => computed(table, inputs.replicaIdentity)),
    ...(inputs.wantsKeys ? tables.filter(({ hasRecordKey }) => !hasRecordKey).map(withoutRecordKey) : []),
    ...tables.filter(({ unvalidated }) => unvalidated.length > 0).map(mayBeNull),
    // Also where an index is the identity: each partition has its own identity, and a later one would have none.
    ...partitioned(tables.filter(({ hasKey, isPartitioned }) => isPartitioned && !hasKey)),
    ...tables.filter(({ unlogged }) => unlogged.length > 0).map(unloggedPart),
    ...(inputs.replicaIdentity === "FULL" ? [] : withoutOldRow(tables, keyless)),
    ...tables.filter(({ children }) => children.length > 0).map(inherited),
    ...(inputs.stock ? tables.filter(({ sharedKey }) => sharedKey.length > 0).map(shared) : []),
    ...stockRefusals(
      inputs,
      captured,
      tables.filter(({ virtual }) => virtual.length > 0).map(({ name }) => name),
      facts.stock,
    ),
    ...(facts.mayBypass ? [] : hidden(hiddenTables(captured, facts), inputs, facts)),
  ];
}

function misnamed(name: string): string[] {
  const [schema, table] = splitTable(name);
  const trouble = nameTrouble({ schema, table });
  return trouble ? [trouble] : [];
}

/** Refuses to lose a table silently: `schema.*` stands for no partitions, so a table that has become one would no longer be captured. */
function swallowed(
  { tables }: CaptureInputs,
  captured: readonly string[],
  facts: DatabaseFacts,
  before: readonly string[],
): string[] {
  const schemas = chosenTables(tables).patterns.map(nameOf);
  return facts.tables.flatMap(({ name, root }) =>
    root !== null && !captured.includes(root) && before.includes(name) && schemas.includes(`${splitTable(name)[0]}.*`)
      ? [
          `${name}: it has become a partition of ${root}, which is not captured, so its changes would no longer be captured. ` +
            `Name ${root} in \`tables\` too, or detach it: ALTER TABLE ${sqlName(root)} DETACH PARTITION ${sqlName(name)}.`,
        ]
      : [],
  );
}

function twofold(name: string, twin: string): string {
  return `${name}: Debezium cannot tell it from ${twin}, as it joins schema and table with a dot. Rename one of them.`;
}

function sameButForCase({ name, columns }: TableFacts): string[] {
  const lower = columns.map((column) => column.toLowerCase());
  const twins = columns.filter((_, at) => lower.indexOf(lower[at]!) !== lower.lastIndexOf(lower[at]!));
  if (twins.length === 0) return [];
  return [`${name}: Debezium stops at columns whose names differ in case only (${twins.join(", ")}). Rename them.`];
}

function withoutColumns({ name }: TableFacts): string {
  return (
    `${name}: it has no column that is in events, which have none that is generated: Debezium stops at it. Add one, or take it out ` +
    "of `tables`."
  );
}

function partitioned(keyless: TableFacts[]): string[] {
  if (keyless.length === 0) return [];
  return [
    `${names(keyless)}: partitioned and without a primary key, so applications could not UPDATE or DELETE ` +
      `in a partition that is made later. ${addKey(keyless)}.`,
  ];
}

/** An unlogged partition: a snapshot would read its rows, but their changes are in no log. */
function unloggedPart({ name, unlogged }: TableFacts): string {
  const set = unlogged.map((each) => `ALTER TABLE ${sqlName(each)} SET LOGGED`).join("; ");
  return `${name}: partition ${unlogged.join(", ")} is unlogged, so its changes are in no log. Run: ${set}.`;
}

function shared({ name, sharedKey }: TableFacts): string {
  return (
    `${name}: Debezium as it is published takes a unique index' columns (${sharedKey.join(", ")}) for the key of its records, and rows may have ` +
    "them in common: the index has WHERE, lets NULL through, is DEFERRABLE or not valid. Add a primary key, or capture with a worker of the " +
    "stack's own, which takes no such index."
  );
}

/** The remedy for tables without a key. */
function addKey(tables: TableFacts[]): string {
  const waits = tables.filter(({ hasDeferrableKey }) => hasDeferrableKey);
  if (waits.length === 0) return "Add a key";
  const rest = waits.length < tables.length ? "Add a key, and make" : "Make";
  return `${rest} that of ${names(waits)} NOT DEFERRABLE: a deferrable one is none to logical replication`;
}

/** Tables that need REPLICA IDENTITY FULL, or another key. */
function withoutOldRow(tables: TableFacts[], keyless: TableFacts[]): string[] {
  return [
    ...unidentified(keyless.filter(({ isPartitioned }) => !isPartitioned)),
    ...tables.filter(({ keyNotLogged }) => keyNotLogged.length > 0).map(otherKey),
  ];
}

function unidentified(keyless: TableFacts[]): string[] {
  if (keyless.length === 0) return [];
  return [
    `${names(keyless)}: no primary key, so applications could no longer UPDATE or DELETE there once published. ` +
      `${addKey(keyless)}, or set replicaIdentity to FULL.`,
  ];
}

function otherKey({ name, keyNotLogged, hasKey }: TableFacts): string {
  const alter = `ALTER TABLE ${sqlName(name)} REPLICA IDENTITY`;
  return (
    `${name}: Postgres logs of a deleted row what its REPLICA IDENTITY USING INDEX has, and the record's key has ` +
    `${keyNotLogged.join(", ")} too. Run ${alter} ${hasKey ? "DEFAULT" : "USING INDEX with an index that has it"}, or set replicaIdentity to FULL.`
  );
}

function names(tables: TableFacts[]): string {
  return tables.map(({ name }) => name).join(", ");
}

function inherited({ name, children }: TableFacts): string {
  return (
    `${name}: ${children.join(", ")} inherits from it, and logical replication does not publish a child's rows with its ` +
    `parent's. Name ${children.join(", ")} in place of ${name}; rows of ${name} itself are then not captured: move them into a ` +
    `child (SELECT FROM ONLY ${name} shows them).`
  );
}

function hidden(tables: string[], { role, adminUser }: CaptureInputs, facts: DatabaseFacts): string[] {
  if (tables.length === 0) return [];
  // Since Postgres 16 a role that has BYPASSRLS may give it to others; before, only superusers could.
  const sql = facts.role ? `ALTER ROLE ${role} BYPASSRLS` : `ALTER ROLE ${adminUser} BYPASSRLS`;
  const remedy =
    facts.role || facts.version >= 160000
      ? `Let a superuser run: ${sql}.`
      : "Let adminUser be a superuser, for this `up`.";
  return [
    `${tables.join(", ")}: row level security would hide rows from role ${role}, and adminUser may not lift it. ${remedy}`,
  ];
}

/** Generated columns in a key: events have none, so such a key could not identify a row. */
function computed({ name, generatedKey, virtual, hasKey, replicaIdentity }: TableFacts, wanted: string): string[] {
  if (generatedKey.length > 0) {
    return [
      `${name}: generated columns are in no event, and ${generatedKey.join(", ")} is part of its key. Make it a plain column, ` +
        "or take it out of the key.",
    ];
  }
  if (virtual.length === 0 || hasKey || replicaIdentity === "INDEX" || wanted !== "FULL") return [];
  return [
    `${name}: no primary key, and with virtual column ${virtual.join(", ")} Postgres would refuse every UPDATE and DELETE ` +
      "under REPLICA IDENTITY FULL. Add a key, or make the column STORED.",
  ];
}

function withoutRecordKey({ name }: TableFacts): string {
  return (
    `${name}: no primary key or unique index that holds for all rows at any moment, so its records have none, and a compacted topic takes ` +
    "no such record: the connector would stop. " +
    'Add a key, name columns in connectorConfig["message.key.columns"], or set cleanupPolicy to delete.'
  );
}

function mayBeNull({ name, unvalidated }: TableFacts): string {
  const validate = unvalidated.map((constraint) => `VALIDATE CONSTRAINT "${constraint}"`).join(", ");
  return (
    `${name}: its NOT NULL is not validated, so Debezium would write NULLs from before it as empty values. ` +
    `Run: ALTER TABLE ${sqlName(name)} ${validate}.`
  );
}
