/** The end of a capture whose database is not on its server any more, under its name: it was dropped, or has another name now. */
import { type Client, escapeIdentifier } from "pg";
import { MAY } from "../database/database-id";
import { isOthers, markOf } from "./ownership";
import { causeOf, session } from "./session/capture-session";
import type { CaptureOutputs } from "./capture-types";

/** The database that every server has, by way of which roles can be dropped. */
const ANOTHER = "postgres";
/** How long it may take to let somebody in, in milliseconds. */
const ASK_MS = 5000;

/** The name that the database of an id (`databaseId`) has now. */
const NAME_OF = `SELECT datname AS name FROM pg_database
  WHERE (SELECT system_identifier::text FROM pg_control_system()) || '/' || oid = $1`;
const SLOTS_DATABASE = "SELECT database AS name FROM pg_replication_slots WHERE slot_name = $1";
const MARKED = "SELECT FROM pg_publication WHERE obj_description(oid, 'pg_publication') = $1";
const ROLE = "SELECT shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname = $1";

/** What the server tells of a database that has lost its name. */
export interface Fate {
  /** Its name now; undefined where it was dropped. */
  name?: string;
  /** Whether the server could be asked. */
  isKnown: boolean;
}

/** Asks under which name the capture's database is on its server now. Without its id, the one in which slot and publication are this capture's counts as it. */
export async function fateOf(props: CaptureOutputs): Promise<Fate> {
  const asked = await elsewhereOn(props, async (client) => {
    const [known] = (await client.query<{ may: boolean | null }>(MAY)).rows;
    const isById = known?.may === true && props.server !== undefined;
    const [sql, value] = isById ? [NAME_OF, props.server] : [SLOTS_DATABASE, props.slotName];
    const { rows } = await client.query<{ name: string | null }>(sql, [value]);
    return { name: rows[0]?.name ?? undefined, isById };
  }).catch(() => undefined);
  if (asked === undefined) return { isKnown: false };
  const { name, isById } = asked;
  if (name === undefined || isById) return { name, isKnown: true };
  const isOurs = await session({ ...props, database: name }, ASK_MS, async (client) => {
    const { rows } = await client.query(MARKED, [markOf(props)]);
    return rows.length > 0;
  }).catch(() => false);
  return { name: isOurs ? name : undefined, isKnown: true };
}

/**
 * Drops the role of a capture whose database was dropped: it is the server's, and all else went with the database.
 *
 * @returns what is said of it
 */
export async function removeRest(props: CaptureOutputs, { isKnown }: Fate): Promise<string> {
  const { role, host, port, database, publication, slotName } = props;
  const gone =
    `Postgres at ${host}:${port} has no database ${database} any more, so capture ${publication} counts as gone with it.` +
    (isKnown ? "" : ` Slot ${slotName} is left if it was renamed.`);
  if (props.given !== undefined) return gone;
  const drop = `DROP ROLE ${escapeIdentifier(role)}`;
  try {
    await elsewhereOn(props, async (client) => {
      const [found] = (await client.query<{ comment: string | null }>(ROLE, [role])).rows;
      if (found && !isOthers(props, found.comment)) await client.query(drop);
    });
    return gone;
  } catch (error) {
    return `${gone} Role ${role} is left (${causeOf(error as Error)}). To drop it: ${drop};`;
  }
}

function elsewhereOn<T>(props: CaptureOutputs, work: (client: Client) => Promise<T>): Promise<T> {
  return session({ ...props, database: ANOTHER }, ASK_MS, work);
}
