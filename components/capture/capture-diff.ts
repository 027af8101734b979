import { isUnrepaired } from "../../program/dynamic/drift";
import { choiceTroubles, isLeftOut, parseChoice } from "../names/chosen-tables";
import { nameOf } from "../names/table-names";
import { hasUnknown } from "../../program/dynamic/unknown";
import { type ChangedTable, notesTable } from "./tables/changed";
import { isReadAgain, whatHappened } from "./tables/changed-words";
import type { DatabaseFacts } from "./facts/database-facts";
import { schemasOf } from "./role/grants";
import { hiddenTables, overridden, unpinned } from "./role/role";
import { sameTables, withoutIdentity } from "./capture-sql";
import type { CaptureInputs, CaptureOutputs } from "./capture-types";

export interface CaptureDiff {
  changes: boolean;
  changed: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
}

const IDENTITY = ["role", "publication", "slotName"] as const;
const PLACE = ["database", "host", "port"] as const;
const OPTIONS = [
  ...(["adminUser", "adminPassword", "rolePassword", "replicaIdentity"] as const),
  ...(["instance", "signalTable", "keepSlot", "readyTimeoutSeconds", "adminPasswordCommand", "existingRole"] as const),
];
const TLS = ["mode", "ca", "certificate", "key"] as const;

/** What an update would change: declared inputs, the tables that a pattern stands for, and drift that `check` saw. */
export function diffCapture(olds: CaptureOutputs, news: CaptureInputs): CaptureDiff {
  const replaces: string[] = IDENTITY.filter((key) => olds[key] !== news[key] && !hasUnknown(news[key]));
  // Without the database's word, another name is another database, and another address the same one.
  const { elsewhere = news.database !== olds.database && !hasUnknown(news.database) } = news;
  if (elsewhere) replaces.push(...PLACE.filter((key) => olds[key] !== news[key]));
  const changed: string[] = [...IDENTITY, ...PLACE, ...OPTIONS].filter(
    (key) => (olds[key] || undefined) !== (news[key] || undefined),
  );
  if (JSON.stringify(olds.tables) !== JSON.stringify(news.tables)) changed.push("tables");
  if (TLS.some((key) => olds.tls?.[key] !== news.tls?.[key])) changed.push("tls");
  if (news.captured && !sameTables(olds.captured ?? [], news.captured)) changed.push("captured");
  if (olds.tableIds === undefined || isNotedOtherwise(olds.tableIds, news.noted)) changed.push("tableIds");
  if (news.generated && !sameTables(olds.generated ?? [], news.generated)) changed.push("generated");
  if (isUnrepaired(news.drift, olds.drift)) changed.push("drift");
  return { changes: changed.length > 0, changed, replaces, deleteBeforeReplace: replaces.length > 0 };
}

/** Whether the database has noted other ids than the state: an apply was killed after its commit, before the state was written. */
function isNotedOtherwise(ids: Record<string, string>, noted: Record<string, string> = {}): boolean {
  return Object.entries(ids).some(([table, id]) => noted[table] !== undefined && noted[table] !== id);
}

/** Failures that can be found without the database. */
export function shapeFailures(inputs: CaptureInputs): { property: string; reason: string }[] {
  const found: { property: string; reason: string }[] = [];
  const fail = (property: string, reason: string): number => found.push({ property, reason });
  const known = <T>(value: T): boolean => value !== undefined && !hasUnknown(value);
  if (known(inputs.tables)) {
    if (inputs.tables.length === 0) fail("tables", "is empty: name at least one table as schema.table or schema.*.");
    inputs.tables.forEach((table, at) => {
      const parsed = parseChoice(table);
      if (typeof parsed === "string") fail(`tables[${at}]`, parsed);
      else if (isLeftOut(table)) return;
      else if (nameOf(parsed) === inputs.signalTable || nameOf(parsed) === notesTable(inputs.signalTable)) {
        fail(`tables[${at}]`, `${table} is this capture's own. Leave it out.`);
      }
    });
    if (found.length === 0) for (const reason of choiceTroubles(inputs.tables)) fail("tables", reason);
  }
  for (const key of ["slotName", "publication", "role"] as const) {
    if (known(inputs[key]) && !/^[a-z_][a-z0-9_]{0,62}$/.test(inputs[key])) {
      fail(key, `"${inputs[key]}" is not lower case letters, digits and "_", at most 63 (see replicationName).`);
    }
  }
  if (known(inputs.port) && !(Number.isInteger(inputs.port) && inputs.port > 0 && inputs.port < 65536)) {
    fail("port", `${inputs.port} is no port: 1 to 65535 are.`);
  }
  if (known(inputs.role) && inputs.role === inputs.adminUser) {
    fail("role", `"${inputs.role}" is adminUser; the connector gets a role of its own, with fewer rights.`);
  }
  if (known(inputs.replicaIdentity) && !["FULL", "DEFAULT"].includes(inputs.replicaIdentity)) {
    fail(
      "replicaIdentity",
      `"${inputs.replicaIdentity}" is neither FULL nor DEFAULT: with any other, a change may not say which row it is of.`,
    );
  }
  if (
    known(inputs.signalTable) &&
    inputs.signalTable !== "" &&
    !/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/.test(inputs.signalTable)
  ) {
    fail(
      "signalTable",
      `"${inputs.signalTable}" is not schema.table in lower case letters, digits and "_", or nothing.`,
    );
  } else if (
    known(inputs.signalTable) &&
    inputs.signalTable !== "" &&
    inputs.signalTable === notesTable(inputs.signalTable)
  ) {
    fail(
      "signalTable",
      `${inputs.signalTable} is where the capture notes its tables. Choose another name, as debezium.signals.`,
    );
  }
  return found;
}

/** How the database differs from what was applied last, one line each for the preview. */
export function driftOf(applied: CaptureInputs, captured: string[], facts: DatabaseFacts): string[] {
  const lines = alteredTables(facts).map(
    (each) => whatHappened(each) + (isReadAgain(each) ? ": its rows are read again" : ""),
  );
  return [...settingsDrift(applied, captured, facts), ...lines];
}

/** Changes that `settingsDrift` reports, as drift of the publication or of replica identities. */
const TOLD_OTHERWISE: readonly ChangedTable["what"][] = [
  "unpublished",
  "reduced",
  "blocked",
  "unidentified",
  "thinned",
];

/** The changed tables, without those that `settingsDrift` reports. */
export function changedTables({ notes }: DatabaseFacts): ChangedTable[] {
  return (notes?.changed ?? []).filter(({ what }) => !TOLD_OTHERWISE.includes(what));
}

/** Those that the capture itself has to do with: rows that are still to be read are the connector's. */
function alteredTables(facts: DatabaseFacts): ChangedTable[] {
  return changedTables(facts).filter(({ what }) => what !== "unread");
}

/** How role, publication, rights and replica identities differ, one line each. Tables that `changedTables` lists are left out. */
export function settingsDrift(applied: CaptureInputs, captured: string[], facts: DatabaseFacts): string[] {
  const lines: string[] = [];
  const { role, publication, signalTable } = applied;
  if (!facts.role) lines.push(`role ${role} is missing`);
  else if (!facts.role.login || !facts.role.replication) lines.push(`role ${role} lost LOGIN or REPLICATION`);
  else if (facts.role.superuser || facts.role.createdb || facts.role.createrole) {
    lines.push(`role ${role} gained SUPERUSER, CREATEDB or CREATEROLE`);
  }
  if (facts.role) {
    if (facts.role.limited) lines.push(`${role} has a CONNECTION LIMIT`);
    if (facts.role.expired) lines.push(`${role} has expired`);
    if (!facts.rights.connects) lines.push(`${role} may not CONNECT`);
    const pins = [...unpinned(facts.role, facts.version).map(([name]) => name), ...overridden(facts.role)];
    if (pins.length > 0) lines.push(`sessions of ${role} do not pin ${pins.join(", ")}`);
    lines.push(...hiddenTables(captured, facts).map((name) => `row level security of ${name} hides rows from ${role}`));
  }
  if (signalTable && (!facts.notes?.fits || facts.notes.isEarlier))
    lines.push(`table ${notesTable(signalTable)} is missing or of another version`);
  const changed = alteredTables(facts);
  const told = changed.flatMap(({ table, what, now }) =>
    ["renamed", "remade"].includes(what) ? [table, now] : [table],
  );
  const same = captured.filter((table) => !told.includes(table));
  const wanted = signalTable ? [...same, signalTable] : same;
  if (!facts.publication) lines.push(`publication ${publication} is missing`);
  else lines.push(...publicationDrift(publication, facts.publication, wanted, told));
  if (facts.publication && !facts.publication.generated && facts.version >= 180000) {
    lines.push(`publication ${publication} does not publish generated columns`);
  }
  if (signalTable && facts.notes && facts.role && !facts.selects.includes(notesTable(signalTable))) {
    lines.push(`${role} may not SELECT from ${notesTable(signalTable)}`);
  }
  for (const name of facts.role ? schemasOf(wanted) : []) {
    if (facts.rights.schemas[name]?.used === false) lines.push(`${role} may not use schema ${name}`);
  }
  if (facts.signal?.written === false) lines.push(`${role} may not write to ${signalTable}`);
  for (const { name } of facts.tables.filter((table) => same.includes(table.name))) {
    if (facts.role && !facts.selects.includes(name)) lines.push(`${role} may not SELECT from ${name}`);
  }
  // With another key or other labels, a table may have another replica identity too.
  const otherwise = changed.filter(({ what }) => what !== "rekeyed" && what !== "relabelled").map(({ table }) => table);
  const identified = captured.filter((table) => same.includes(table) || !otherwise.includes(table));
  for (const { name, replicaIdentity } of withoutIdentity(identified, applied.replicaIdentity, facts)) {
    lines.push(`${name} has REPLICA IDENTITY ${replicaIdentity}`);
  }
  return lines;
}

function publicationDrift(
  name: string,
  now: NonNullable<DatabaseFacts["publication"]>,
  wanted: string[],
  told: (string | null)[],
): string[] {
  if (now.allTables) return [`publication ${name} is FOR ALL TABLES`];
  const incomplete = now.complete
    ? []
    : [`publication ${name} leaves operations out, or does not publish via the root`];
  return [
    ...wanted.filter((table) => !now.tables.includes(table)).map((table) => `publication ${name} lacks ${table}`),
    ...now.tables
      .filter((table) => !wanted.includes(table) && !told.includes(table))
      .map((table) => `publication ${name} also has ${table}`),
    ...now.partial.map((table) => `publication ${name} has only part of ${table} (a row filter or a column list)`),
    ...incomplete,
  ];
}
