/** Reads from the catalogue all that decides what a capture has to do. */
import type { Client } from "pg";
import { splitTable } from "../../names/sql-name";
import { notesTable } from "../tables/changed";
import { type Notes, readNotes } from "../notes";
import { readRights, type Rights } from "../role/rights-facts";
import { readServer, type ServerFacts } from "./server";
import { readStock, type StockFacts } from "../tables/stock-columns";
import type { CaptureInputs } from "../capture-types";
import { elsewhereSql, publicationQuery, type PublicationFacts } from "./publication-facts";
import { GRANTS, ROLE, type RoleFacts, SELECTS, USAGES } from "./role-facts";
import { OTHERS, type TableFacts, TABLES_QUERY } from "./table-facts";

/** The facts about the database that decide what an apply has to do. */
export interface DatabaseFacts {
  version: number;
  server: ServerFacts;
  /** What the administrator may do, and what the role may without being granted anything. */
  rights: Rights;
  tables: TableFacts[];
  /** Relations that cannot be captured, by `schema.name`: what each is, and what to name instead. */
  others: Record<string, string>;
  /** Whether the administrator may give BYPASSRLS. */
  mayBypass: boolean;
  role?: RoleFacts;
  publication?: PublicationFacts;
  /** By a table's OID, the other publications that publish its updates or deletes. */
  elsewhere?: Record<string, string[]>;
  /** The comments of captures on roles and publications, whatever their names: see `markOf`. */
  marks: string[];
  /** Tables that the role may read, by any grant. */
  selects: string[];
  /** Tables, views and sequences on which the role itself has been granted anything. */
  granted: string[];
  /** Schemas on which the role itself has been granted USAGE. */
  usages: string[];
  slot?: { active: boolean; database: string | null; plugin: string | null };
  /** The signal table, if it exists. */
  signal?: {
    owner: string;
    comment: string | null;
    /** Whether the role may INSERT and DELETE there; null: there is no such role. */
    written: boolean | null;
  };
  /** The capture's notes in the database. */
  notes?: Notes;
  /** Columns and types that decide what Debezium as it is published writes; only where `stock` asks for them. */
  stock?: StockFacts;
}

const MARKS = `SELECT comment FROM (SELECT obj_description(oid, 'pg_publication') AS comment FROM pg_publication
  UNION SELECT shobj_description(oid, 'pg_authid') FROM pg_roles) c WHERE comment LIKE 'Change data capture of %'`;

const SLOT = "SELECT active, database, plugin FROM pg_replication_slots WHERE slot_name = $1";

const SIGNAL = `SELECT pg_get_userbyid(c.relowner) AS owner, obj_description(c.oid, 'pg_class') AS comment,
    (SELECT bool_and(has_table_privilege(r.oid, c.oid, p)) FROM pg_roles r, (VALUES ('INSERT'), ('DELETE')) v (p) WHERE r.rolname = $2) AS written
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname || '.' || c.relname = $1`;

/** The names that the facts are about. */
type Asked = Pick<CaptureInputs, "role" | "publication" | "slotName" | "signalTable" | "stock">;

const SETTINGS = `SELECT current_setting('server_version_num')::int AS version,
  (SELECT rolsuper OR rolbypassrls AND current_setting('server_version_num')::int >= 160000 FROM pg_roles WHERE rolname = current_user) AS "mayBypass"`;

/** The first Postgres whose publications can send the changes of partitions through their root. */
const OLDEST = 130000;

/**
 * Reads the catalogue. Changes nothing, and opens no table but the notes, so that it waits for nobody who has locked a captured one.
 *
 * @throws where the server is older than PostgreSQL 13, of which nothing can be captured
 */
export async function readFacts(client: Client, inputs: Asked) {
  const one = async (sql: string, values: string[] = []) => (await client.query(sql, values)).rows;
  const [settings] = await one(SETTINGS);
  if (settings.version < OLDEST) throw tooOld(settings.version);
  const facts: DatabaseFacts = {
    version: settings.version,
    server: await readServer(client),
    rights: await readRights(client, inputs.role, splitTable(inputs.signalTable || ".")[0]),
    mayBypass: settings.mayBypass,
    tables: await one(TABLES_QUERY),
    others: Object.fromEntries((await one(OTHERS)).map(({ name, what }) => [name, what])),
    role: (await one(ROLE, [inputs.role]))[0],
    publication: (await one(publicationQuery(settings.version), [inputs.publication]))[0],
    elsewhere: Object.fromEntries(
      (await one(elsewhereSql(settings.version), [inputs.publication])).map(({ oid, names }) => [oid, names]),
    ),
    marks: (await one(MARKS)).map(({ comment }) => comment),
    selects: (await one(SELECTS, [inputs.role])).map(({ name }) => name),
    granted: (await one(GRANTS, [inputs.role])).map(({ name }) => name),
    usages: (await one(USAGES, [inputs.role])).map(({ name }) => name),
    slot: (await one(SLOT, [inputs.slotName]))[0],
    signal: (await one(SIGNAL, [inputs.signalTable, inputs.role]))[0],
    notes: await readNotes(client, inputs),
    ...(inputs.stock && { stock: await readStock(client) }),
  };
  return facts;
}

/** Tables that can be captured: no partitions, and not the capture's own. */
export function capturable(facts: DatabaseFacts, signalTable: string): string[] {
  const own = signalTable ? [signalTable, notesTable(signalTable)] : [];
  return facts.tables.filter(({ name, isPartition }) => !isPartition && !own.includes(name)).map(({ name }) => name);
}

/** The code is that of a feature that a server does not have. */
function tooOld(version: number): Error {
  const words =
    `This is PostgreSQL ${Math.floor(version / 10000)}, and a capture takes ${OLDEST / 10000} or newer: older publications cannot send the ` +
    "changes of partitions through their root. Upgrade the server, or name another one.";
  return Object.assign(new Error(words), { code: "0A000" });
}
