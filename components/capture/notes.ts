import { splitTable, sqlName } from "../names/sql-name";
import { type Client, escapeLiteral } from "pg";
import {
  AWAY,
  FOUND_KEY,
  HOUSE,
  type ChangedTable,
  KEY_COLUMNS,
  KEY_FORMS,
  LABELS,
  KEY_MADE,
  KEY_ORDER,
  NEWEST_COLUMN,
  notesTable,
} from "./tables/changed";
import { attachedTo } from "./tables/partitions";
import { readChangedTables } from "./tables/read-changed";
import { CELLS, MEMORY_COLUMNS, PARTS } from "./tables/unlogged-changes";
import { UNREAD } from "./tables/unread";
import type { DatabaseFacts } from "./facts/database-facts";
import type { TableFacts } from "./facts/table-facts";
import type { CaptureInputs } from "./capture-types";

/**
 * What a capture notes in the database, in a table of its own. Whoever reaches the database can read the notes, and a transaction that is
 * rolled back takes its notes along.
 */
export interface Notes {
  comment: string | null;
  /** Whether the notes table has `NEWEST_COLUMN`. If not, its notes cannot be read. */
  fits: boolean;
  /** Whether the notes table lacks columns that later versions added. */
  isEarlier?: boolean;
  /** The id that was given to each captured table; see `tableIds`. */
  ids: Record<string, string>;
  /** Captured tables that are no longer what was captured. */
  changed: ChangedTable[];
  /** The replica identity that tables had before the capture changed it, by OID: as `ALTER TABLE … REPLICA IDENTITY` takes it. */
  identities: Record<string, string>;
}

/** The clause that brings back a noted index, if it still exists and is fit for a replica identity. */
const NOTED_INDEX = `SELECT format('USING INDEX %I', x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = t.relation AND x.relname = t.identity_index AND i.indisunique AND i.indimmediate AND i.indisvalid
      AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.relation
        AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]) AND NOT a.attnotnull)`;

/** Reads the notes; undefined where there are none yet, or no signal table. */
export async function readNotes(
  client: Client,
  { signalTable, publication }: Pick<CaptureInputs, "signalTable" | "publication">,
): Promise<Notes | undefined> {
  if (!signalTable) return undefined;
  const table = notesTable(signalTable);
  const [schema, name] = splitTable(table);
  const { rows } = await client.query(
    `SELECT obj_description(c.oid, 'pg_class') AS comment, ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid) AS columns
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, name],
  );
  const [found] = rows as { comment: string | null; columns: string[] }[];
  if (!found) return undefined;
  const has = (column: string): boolean => found.columns.includes(column);
  const there = {
    comment: found.comment,
    fits: has(NEWEST_COLUMN),
    isEarlier: !["attached", "forms", "labels", "since", "whole", "placed", "house", "made", ...MEMORY_COLUMNS].every(
      has,
    ),
  };
  // A table that is not the capture's own is known by its comment, and not read.
  if (!there.fits) return { ...there, ids: {}, changed: [], identities: {} };
  const noted = await client.query(
    `SELECT t.relation::text AS oid, t.schema || '.' || t.name AS "table", t.id,
        CASE WHEN t.identity = 'INDEX' THEN COALESCE((${NOTED_INDEX}), 'DEFAULT') ELSE t.identity END AS identity
      FROM ${sqlName(table)} t`,
  );
  const notes = noted.rows as { oid: string; table: string | null; id: string | null; identity: string | null }[];
  return {
    ...there,
    ids: Object.fromEntries(notes.flatMap((each) => (each.table && each.id ? [[each.table, each.id]] : []))),
    changed: await readChangedTables(client, signalTable, publication),
    identities: Object.fromEntries(notes.flatMap(({ oid, identity }) => (identity ? [[oid, identity]] : []))),
  };
}

/** Columns that the notes table of an earlier version may lack. */
const LATER =
  "ADD COLUMN IF NOT EXISTS attached text, ADD COLUMN IF NOT EXISTS forms text, ADD COLUMN IF NOT EXISTS labels text, " +
  "ADD COLUMN IF NOT EXISTS since timestamptz, ADD COLUMN IF NOT EXISTS whole boolean, " +
  "ADD COLUMN IF NOT EXISTS placed text, ADD COLUMN IF NOT EXISTS house text, ADD COLUMN IF NOT EXISTS made text, " +
  "ADD COLUMN IF NOT EXISTS parts jsonb, ADD COLUMN IF NOT EXISTS cells jsonb, ADD COLUMN IF NOT EXISTS untold text";

/** The statements that make the notes table, or bring it to this version's form. */
export function makeNotesSql(signalTable: string, { notes }: DatabaseFacts): string[] {
  const table = sqlName(notesTable(signalTable));
  if (notes?.fits) return notes.isEarlier ? [`ALTER TABLE ${table} ${LATER}`] : [];
  return [
    ...(notes ? [`DROP TABLE ${table}`] : []),
    `CREATE TABLE ${table} (relation oid PRIMARY KEY, schema text, name text, named text, published oid, key text, id text, ` +
      "identity text, identity_index text, attached text, forms text, labels text, since timestamptz, whole boolean, placed text, house text, made text, " +
      "parts jsonb, cells jsonb, untold text)",
  ];
}

/** The statement that notes a table's replica identity before it is changed. An identity that is noted already stays. */
export function noteIdentitySql(signalTable: string, { oid, replicaIdentity, identityIndex }: TableFacts): string {
  const notes = sqlName(notesTable(signalTable));
  const index = identityIndex === null ? "NULL" : escapeLiteral(identityIndex);
  return (
    `INSERT INTO ${notes} AS t (relation, identity, identity_index) VALUES (${Number(oid)}, '${replicaIdentity}', ${index}) ` +
    "ON CONFLICT (relation) DO UPDATE SET identity = EXCLUDED.identity, identity_index = EXCLUDED.identity_index WHERE t.identity IS NULL"
  );
}

/** The value of column `named`: `AWAY` stays, since the connector has noted that changes came under another name. */
const keptAway = (named: string, where = ""): string =>
  `CASE WHEN ${where}t.named = '${AWAY}' THEN t.named ELSE ${named} END`;

/** The statements that note the captured tables as they are after the apply, and delete the notes of tables that are no longer captured. */
export function noteTablesSql(
  { signalTable, publication, stock }: Pick<CaptureInputs, "signalTable" | "publication" | "stock">,
  ids: Readonly<Record<string, string>>,
  facts: DatabaseFacts,
): string[] {
  if (!signalTable) return [];
  const notes = sqlName(notesTable(signalTable));
  const kept = capturedTables(Object.keys(ids), facts).map(({ oid }) => Number(oid));
  const whole = facts.tables.filter(({ name }) => name in ids).map(({ oid }) => Number(oid));
  // Also true where another table has the name now: the noted one may have become a partition of it.
  const left = Object.entries(facts.notes?.ids ?? {}).some(([table, id]) => ids[table] !== id);
  return [
    `DELETE FROM ${notes} WHERE relation <> ALL ('{${kept.join(", ")}}')`,
    // For a table that has become a partition only its former replica identity is kept.
    ...(left
      ? [`UPDATE ${notes} SET published = NULL, id = NULL WHERE relation <> ALL ('{${whole.join(", ")}}')`]
      : []),
    `INSERT INTO ${notes} AS t (relation, schema, name, named, published, key, id, attached, forms, labels, since, whole, placed, house, made, parts, cells) ` +
      `SELECT c.oid, n.nspname, c.relname, y.xmin::text, r.oid, ${KEY_COLUMNS}, w.value, ${attachedTo("c.oid")}, ${KEY_FORMS}, ${LABELS}, now(), c.relreplident = 'f', ${KEY_ORDER}, ${stock ? HOUSE : "NULL"}, ${KEY_MADE}, ${PARTS}, ${CELLS} FROM jsonb_each_text(${escapeLiteral(JSON.stringify(ids))}) w ` +
      "JOIN pg_namespace n ON n.nspname = split_part(w.key, '.', 1) " +
      "JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = substr(w.key, strpos(w.key, '.') + 1) " +
      `JOIN pg_type y ON y.oid = c.reltype ${FOUND_KEY} ` +
      `JOIN pg_publication_rel r ON r.prrelid = c.oid JOIN pg_publication p ON p.oid = r.prpubid AND p.pubname = ${escapeLiteral(publication)} ` +
      "ON CONFLICT (relation) DO UPDATE SET schema = EXCLUDED.schema, name = EXCLUDED.name, published = EXCLUDED.published, " +
      // What the connector has noted meanwhile stays until the table is read again, which gives it another id.
      `named = ${keptAway("EXCLUDED.named", "t.id = EXCLUDED.id AND ")}, since = CASE WHEN t.id = EXCLUDED.id THEN COALESCE(t.since, EXCLUDED.since) ELSE EXCLUDED.since END, ` +
      "key = EXCLUDED.key, id = EXCLUDED.id, attached = EXCLUDED.attached, forms = EXCLUDED.forms, labels = EXCLUDED.labels, whole = EXCLUDED.whole, placed = EXCLUDED.placed, house = EXCLUDED.house, made = EXCLUDED.made, " +
      MEMORY_COLUMNS.map(
        (name) =>
          `${name} = CASE WHEN t.id = EXCLUDED.id THEN COALESCE(t.${name}, EXCLUDED.${name}) ELSE EXCLUDED.${name} END`,
      ).join(", "),
    ...unreadSql(notes, ids, facts),
  ].map((sql) => sql.replace(/\n\s+/g, " "));
}

/**
 * The statement that notes tables whose rows the connector has to read from now on; it takes that away once it has. A first start reads all tables
 * without it, and makes the slot then.
 */
function unreadSql(
  notes: string,
  ids: Readonly<Record<string, string>>,
  { slot, notes: now }: DatabaseFacts,
): string[] {
  if (slot === undefined || !now?.fits) return [];
  const lost = now.changed.filter(({ what }) => what === "unnoted").map(({ table }) => table);
  const tables = Object.keys(ids).filter((table) => now.ids[table] !== ids[table] && !lost.includes(table));
  if (tables.length === 0) return [];
  const list = tables.map((table) => escapeLiteral(table)).join(", ");
  return [
    `UPDATE ${notes} SET untold = '${UNREAD}' WHERE published IS NOT NULL AND schema || '.' || name IN (${list})`,
  ];
}

/**
 * The statement that notes captured tables as unchanged after pg_upgrade. That keeps the tables' OIDs, but writes every row of the
 * catalogue again, and gives publications' rows other OIDs.
 */
export function renoteTablesSql({
  signalTable,
  publication,
}: Required<Pick<CaptureInputs, "signalTable" | "publication">>): string {
  const notes = sqlName(notesTable(signalTable));
  return (
    `ALTER TABLE ${notes} ${LATER}; ` +
    `UPDATE ${notes} t SET attached = ${attachedTo("t.relation").replace(/\s+/g, " ")}, named = ${keptAway("y.xmin::text")}, published = r.oid, made = ${KEY_MADE}, house = CASE WHEN t.house IS NOT NULL THEN ${HOUSE} END FROM pg_class c ` +
    `JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type y ON y.oid = c.reltype JOIN pg_publication p ON p.pubname = ${escapeLiteral(publication)} ` +
    "JOIN pg_publication_rel r ON r.prrelid = c.oid AND r.prpubid = p.oid WHERE c.oid = t.relation AND t.published IS NOT NULL"
  );
}

/**
 * The statements that restore the replica identity of tables that are no longer captured. An index, or NOTHING, that somebody has chosen
 * since stays. So does the identity of a table that another publication has too: see `sharedIdentities`.
 *
 * @param captured the tables that stay captured
 */
export function restoreIdentitySql(captured: readonly string[], facts: DatabaseFacts): string[] {
  return changedIdentities(captured, facts)
    .filter(({ table, before }) => !needsIdentity(table, before, facts))
    .map(({ table, before }) => `ALTER TABLE ${sqlName(table.name)} REPLICA IDENTITY ${before}`);
}

/**
 * Pure: a sentence for each table that keeps its replica identity, since another publication has it. Without it Postgres would refuse
 * applications' UPDATE and DELETE of a table without a key, and the other publication's readers would get no old rows.
 */
export function sharedIdentities(captured: readonly string[], facts: DatabaseFacts): string[] {
  return changedIdentities(captured, facts)
    .filter(({ table, before }) => needsIdentity(table, before, facts))
    .map(({ table, before }) => {
      const sql = `ALTER TABLE ${sqlName(table.name)} REPLICA IDENTITY ${before}`;
      return (
        `${table.name} keeps REPLICA IDENTITY ${table.replicaIdentity}, since publication ${publishers(table, facts).join(", ")} has it too. ` +
        `Once nothing needs that: ${sql};`
      );
    });
}

/** Tables that are no longer captured, with the replica identity that they had before, where they have another one now. */
function changedIdentities(captured: readonly string[], facts: DatabaseFacts): { table: TableFacts; before: string }[] {
  const kept = capturedTables(captured, facts);
  return facts.tables.flatMap((table) => {
    const { oid, replicaIdentity } = table;
    const before = facts.notes?.identities[oid];
    if (before === undefined || before === replicaIdentity || kept.includes(table)) return [];
    return replicaIdentity === "FULL" || replicaIdentity === "DEFAULT" ? [{ table, before }] : [];
  });
}

/** FULL logs all that any other replica identity does. */
function needsIdentity(table: TableFacts, before: string, facts: DatabaseFacts): boolean {
  return before !== "FULL" && publishers(table, facts).length > 0;
}

/** Other publications that publish the table's updates or deletes. */
function publishers({ oid }: TableFacts, { elsewhere = {} }: DatabaseFacts): string[] {
  return elsewhere[oid] ?? [];
}

/** Captured tables with their partitions. */
export function capturedTables(captured: readonly string[], facts: DatabaseFacts): TableFacts[] {
  return facts.tables.filter(({ name, root }) => captured.includes(root ?? name));
}
