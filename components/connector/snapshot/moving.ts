/** Whether the database gives rows to a snapshot: that holds wherever transforms send these, and also where they drop them. */
import type { Ask } from "../slot/connector-session";
import { roleOf } from "../slot/source";
import type { ConnectorInputs } from "../connector-types";

export interface Copying {
  /** When the snapshot's transaction began, in milliseconds since 1970. */
  begun: number;
  /** Changes with each fetch of rows, and while the database works on the next one. It does not while a lock or Debezium holds them up. */
  mark: string;
}

/** Debezium reads tables in a transaction of the connector's role. Its heartbeats are transactions too, and take no second. */
const SQL = `SELECT extract(epoch FROM min(xact_start)) * 1000 AS begun, string_agg(
    CASE WHEN state = 'active' AND COALESCE(wait_event_type, '') NOT IN ('Lock', 'Client') THEN clock_timestamp() ELSE state_change END::text,
    ' ' ORDER BY pid) AS mark
  FROM pg_stat_activity
  WHERE usename = $1 AND application_name ~ '^Debezium' AND datname = current_database()
    AND xact_start < clock_timestamp() - interval '1 s'`;

/**
 * The snapshot that reads tables now; undefined while none does.
 *
 * @param ask a session of the connector's role, which sees what its other sessions do
 */
export async function copying(
  ask: Ask,
  inputs: Pick<ConnectorInputs, "config" | "database">,
): Promise<Copying | undefined> {
  const { rows } = await ask((client) => client.query<{ begun: string | null; mark: string }>(SQL, [roleOf(inputs)]));
  const [found] = rows;
  return found?.begun ? { begun: Math.floor(Number(found.begun)), mark: found.mark } : undefined;
}
