import { REPLICATION_ROLE } from "../../capture/role/rights-facts";
import { didYouMean } from "../../nearest";
import { poll, tried } from "../../poll";
import { type Ask, withDatabase, withSession } from "./connector-session";
import { canLose } from "./loss-look";
import { isPostgres, namedTables, publicationOf, slotOf, slotState, type SlotState } from "./source";
import type { ConfigValue, ConnectorInputs } from "../connector-types";

/** What the connector needs of the database, as the database has it. */
export interface SourceFacts {
  walLevel: string;
  role: string;
  replication: boolean;
  /** Tables of the publication; `null` when there is none of that name. */
  published: string[] | null;
  /** Every table, as `schema.table`. */
  existing: string[];
  /** The tables that the role may read. */
  readable: string[];
}

const FACTS = `SELECT CASE WHEN current_setting('server_version_num')::int >= 190000 AND current_setting('wal_level') = 'replica'
    THEN 'logical' ELSE current_setting('wal_level') END AS "walLevel", current_user::text AS role,
    (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user) OR EXISTS (SELECT 1 FROM pg_roles
      WHERE rolname = '${REPLICATION_ROLE}' AND pg_has_role(oid, 'MEMBER')) AS replication,
    CASE WHEN EXISTS (SELECT 1 FROM pg_publication WHERE pubname = $1) THEN COALESCE(
      (SELECT array_agg(schemaname || '.' || tablename) FROM pg_publication_tables WHERE pubname = $1), '{}')::text[] END AS published,
    COALESCE(array_agg(t.name), '{}')::text[] AS existing,
    COALESCE(array_agg(t.name) FILTER (WHERE t.readable), '{}')::text[] AS readable
  FROM (SELECT n.nspname || '.' || c.relname AS name,
      has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_') t`;

/**
 * Looks at the database before Connect gets the config. Debezium retries most of these troubles for ever with its
 * task RUNNING, so a wait could only time out.
 *
 * @throws with every trouble found, each with its remedy. Does not throw when the database cannot be reached from here.
 */
export async function checkSource(inputs: ConnectorInputs, operation: string): Promise<void> {
  const { config, database } = inputs;
  if (!database || !isPostgres(config) || inputs.state === "STOPPED") return;
  const name = publicationOf(config);
  const facts = await withDatabase(database, async (client) => (await client.query(FACTS, [name])).rows[0]).catch(
    () => undefined,
  );
  const troubles = facts ? sourceTroubles(config, facts as SourceFacts) : [];
  if (troubles.length > 0) throw new Error(`${operation}: ${troubles.join(" ")}`);
}

/** Pure: why this connector could not capture that database; each trouble with its remedy. */
export function sourceTroubles(config: Record<string, ConfigValue>, facts: SourceFacts): string[] {
  const troubles: string[] = [];
  const publication = publicationOf(config);
  const tables = namedTables(config);
  if (facts.walLevel !== "logical") {
    troubles.push(`wal_level is ${facts.walLevel}. Start Postgres with wal_level=logical.`);
  }
  if (!facts.replication) troubles.push(`Role ${facts.role} lacks REPLICATION. ALTER ROLE ${facts.role} REPLICATION.`);
  for (const table of tables) {
    if (!facts.existing.includes(table)) {
      troubles.push(`Table ${table} does not exist.${didYouMean(table, facts.existing)}`);
    } else if (!facts.readable.includes(table)) {
      troubles.push(`Role ${facts.role} may not read ${table}. GRANT SELECT on it and USAGE on its schema.`);
    }
  }
  if (config["publication.autocreate.mode"] === "disabled") troubles.push(...unpublished(publication, tables, facts));
  return troubles;
}

function unpublished(publication: string, tables: string[], { published, existing }: SourceFacts): string[] {
  if (published === null) return [`Publication ${publication} does not exist. Create it (PostgresCapture does).`];
  return tables
    .filter((table) => existing.includes(table) && !published.includes(table))
    .map((table) => `Publication ${publication} leaves out ${table}: none of its changes would arrive.`);
}

/** How long the old reader of a slot may take to release it, in milliseconds: a connector may just have been deleted. */
const LET_GO_MS = 10_000;

/**
 * The slot's state, once nobody else reads from it: two readers of one slot lock each other out for ever.
 *
 * @param live whether the connector exists already. Then a Debezium that reads from the slot counts as this connector.
 * @param until when to give up asking a database that does not answer, in milliseconds since 1970
 * @throws naming the reader that does not release the slot, and when a connector is to stream and the database does not answer
 */
export async function ownSlot(inputs: ConnectorInputs, live: boolean, until: number): Promise<SlotState | undefined> {
  const { config, database } = inputs;
  if (!database || !isPostgres(config)) return undefined;
  const slot = slotOf(config);
  return withSession(database, async (ask) => {
    if (canLose(inputs)) await untilAnswered(ask, slot, until);
    return poll<SlotState | undefined>(
      async () => {
        const now = await slotState(ask, slot).catch(() => undefined);
        const others = now?.active === true && !(live && (now.reader === "" || /debezium/i.test(now.reader)));
        return others
          ? { done: false, seen: `it is read by ${now.reader || "somebody"}, process ${now.pid}` }
          : { done: true, value: now };
      },
      {
        what: `replication slot ${slot} to be free`,
        deadlineMs: LET_GO_MS,
        remedy:
          "Give each connector a slot.name of its own, or end that reader: SELECT pg_terminate_backend(<process>).",
      },
    );
  });
}

/** Waits until the database tells of the slot: whether the connector may go on depends on it. @throws with the database's error at the deadline */
async function untilAnswered(ask: Ask, slot: string, until: number): Promise<void> {
  await poll<void>(() => tried(slotState(ask, slot).then(() => undefined)), {
    what: `the database to tell of replication slot ${slot}`,
    deadlineMs: Math.max(until - Date.now(), 1),
    remedy:
      "`database` is how this machine reaches it. Without its word the connector could go on behind lost changes.",
  });
}
