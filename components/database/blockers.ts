import { escapeLiteral, type ClientBase } from "pg";

/** A transaction that one of our sessions in the database waits for. */
export interface Blocker {
  /** Its process; null for a prepared transaction, which has none. */
  pid: number | null;
  /** A prepared transaction's name. */
  gid: string | null;
  database: string;
  user: string;
  /** The program's own name, or else Postgres' name for the process. */
  program: string | null;
  /** Seconds since it began; null where the asking role may not see it. */
  seconds: number | null;
  /** `idle in transaction`, `active`, …; null as before. */
  state: string | null;
  /** Its last statement; null as before. */
  statement: string | null;
}

/** What waits, and for which transactions. */
export interface Blocked {
  /** The replication slot that is being made; null: a table's lock, or the like. */
  slot: string | null;
  blockers: Blocker[];
}

/**
 * A slot is made once every transaction has ended that was writing when its making began, in any database of the server. Postgres
 * waits for one after the other. This lists all of them at once.
 */
const SQL = `WITH waiting AS MATERIALIZED (
    SELECT l.pid, l.database, l.relation, l.transactionid, a.query_start AS since, pg_blocking_pids(l.pid) AS pids,
      (SELECT s.slot_name FROM pg_replication_slots s
        WHERE s.active_pid = l.pid AND s.confirmed_flush_lsn IS NULL) AS slot
    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE NOT l.granted AND (a.usename = $1 OR a.pid = $2)),
  named AS (
    SELECT a.pid, NULL AS gid, a.datname AS database, a.usename AS "user", a.xact_start AS since, a.state,
      COALESCE(NULLIF(a.application_name, ''), a.backend_type) AS program,
      NULLIF(a.query, '<insufficient privilege>') AS statement
    FROM pg_stat_activity a WHERE a.pid NOT IN (SELECT pid FROM waiting) AND (
      EXISTS (SELECT FROM waiting w WHERE a.pid = ANY (w.pids))
      OR a.backend_xid IS NOT NULL AND EXISTS (SELECT FROM waiting w WHERE w.slot IS NOT NULL AND a.xact_start <= w.since))
    UNION ALL
    SELECT NULL, p.gid, p.database, p.owner, p.prepared, NULL, NULL, NULL FROM pg_prepared_xacts p WHERE EXISTS (
      SELECT FROM waiting w WHERE w.transactionid = p.transaction OR w.slot IS NOT NULL AND p.prepared <= w.since
      OR 0 = ANY (w.pids) AND EXISTS (
        SELECT FROM pg_locks h JOIN pg_locks x USING (virtualtransaction)
        WHERE h.pid IS NULL AND h.database = w.database AND h.relation = w.relation
          AND x.pid IS NULL AND x.transactionid = p.transaction)))
  SELECT (SELECT min(slot::text) FROM waiting) AS slot, pid, gid, database::text, "user"::text, program, state, statement,
    extract(epoch FROM clock_timestamp() - since)::float8 AS seconds
  FROM named ORDER BY since, pid`;

/**
 * The transactions for which a role's sessions wait, or one session alone.
 *
 * @param client of a role that may see other roles' statements; another role sees who holds it up, and not by what
 * @returns `undefined` when nothing waits
 */
export async function heldUp(
  client: ClientBase,
  whose: { role: string } | { pid: number },
): Promise<Blocked | undefined> {
  const params = "role" in whose ? [whose.role, null] : [null, whose.pid];
  const { rows } = await client.query<Blocker & { slot: string | null }>(SQL, params);
  if (rows.length === 0) return undefined;
  return { slot: rows[0]!.slot, blockers: rows.map(({ slot: _slot, ...blocker }) => blocker) };
}

/** A session that waits for a lock of ours. */
export interface Waiter extends Pick<Blocker, "database" | "user" | "program" | "seconds" | "statement"> {
  pid: number;
  /** How many sessions wait behind it. */
  behind: number;
}

/** `pg_blocking_pids` also names who only stands before a session in the queue. `waitstart` is in PostgreSQL 14 and later. */
const WAITERS = `WITH RECURSIVE waiting AS MATERIALIZED (
    SELECT l.pid, min((to_jsonb(l) ->> 'waitstart')::timestamptz) AS since, pg_blocking_pids(l.pid) AS pids
    FROM pg_locks l WHERE NOT l.granted GROUP BY l.pid),
  ours AS MATERIALIZED (
    SELECT pid FROM pg_stat_activity WHERE usename = $1 AND application_name ~ '^Debezium' AND datname = current_database()),
  first AS (SELECT w.* FROM waiting w WHERE w.pid NOT IN (SELECT pid FROM ours) AND w.pids && ARRAY(SELECT pid FROM ours)),
  rest AS (
    SELECT pid, pid AS first FROM first
    UNION SELECT w.pid, r.first FROM rest r JOIN waiting w ON r.pid = ANY (w.pids))
  SELECT f.pid, a.datname::text AS database, a.usename::text AS "user", COALESCE(NULLIF(a.application_name, ''), a.backend_type) AS program,
    NULLIF(a.query, '<insufficient privilege>') AS statement, extract(epoch FROM clock_timestamp() - f.since)::float8 AS seconds,
    (SELECT count(*)::int - 1 FROM rest r WHERE r.first = f.pid) AS behind
  FROM first f JOIN pg_stat_activity a USING (pid) ORDER BY f.since, f.pid`;

/**
 * The sessions that wait for locks of Debezium's sessions. A snapshot keeps ALTER TABLE and TRUNCATE waiting until it ends, and all else on
 * the table waits behind those.
 *
 * @param role the connector's
 */
export async function waitersOf(client: ClientBase, role: string): Promise<Waiter[]> {
  return (await client.query<Waiter>(WAITERS, [role])).rows;
}

/** Pure: who waits for the snapshot's end, since when, and with what. */
export function waitersWords(waiters: readonly Waiter[]): string {
  const shown = waiters.map(({ pid, program, user, database, seconds, statement, behind }) => {
    const since = seconds === null ? "" : ` for ${age(seconds)}`;
    const what = statement === null || statement === "" ? "" : `: ${shortened(statement)}`;
    const others = behind === 0 ? "" : `, and ${behind} more behind it`;
    return `process ${pid} (${program}) of ${user} in ${database}${since}${what}${others} (end its wait with: SELECT pg_cancel_backend(${pid}))`;
  });
  return `until the rows are read, these wait: ${shown.join("; ")}`;
}

/** The statement that lists transactions that have written something and are open for so many seconds, the oldest first. */
export function longOpenSql(seconds: number): string {
  return `SELECT pid, gid, database::text, "user"::text, program, state, statement, extract(epoch FROM clock_timestamp() - since)::float8 AS seconds FROM (
      SELECT a.pid, NULL AS gid, a.datname AS database, a.usename AS "user", a.xact_start AS since, a.state,
        COALESCE(NULLIF(a.application_name, ''), a.backend_type) AS program, a.query AS statement
      FROM pg_stat_activity a WHERE a.backend_xid IS NOT NULL
      UNION ALL SELECT NULL, p.gid, p.database, p.owner, p.prepared, NULL, NULL, NULL FROM pg_prepared_xacts p) writing
    WHERE since < clock_timestamp() - make_interval(secs => ${seconds}) ORDER BY since`;
}

/** Pure: whose transaction it is, since when it is open, its last statement, and the statement that ends it. */
export function blockerWords(blocker: Blocker): string {
  const { pid, gid, database, user, program, seconds, state, statement } = blocker;
  const since = seconds === null ? "" : `, open for ${age(seconds)}`;
  if (gid !== null) {
    return `prepared transaction ${gid} of ${user} in ${database}${since} (end it there with: ROLLBACK PREPARED ${escapeLiteral(gid)})`;
  }
  const last = statement === null || statement === "" ? "" : `, last statement: ${shortened(statement)}`;
  return (
    `process ${pid} (${program}) of ${user} in ${database}${since}${state === null ? "" : `, ${state}`}${last} ` +
    `(end it with: SELECT pg_terminate_backend(${pid}))`
  );
}

/** Pure: the whole message. @param what names what waits, unless it is a slot */
export function heldWords({ slot, blockers }: Blocked, what: string): string {
  const waits = slot === null ? `${what} waits for` : `slot ${slot} is made when these have ended:`;
  return `${waits} ${blockers.map(blockerWords).join("; ")}`;
}

/** The remedy, which follows the message. */
export const HELD_REMEDY = "Commit or end them; then run `pulumi up` again.";

const MOST_CHARACTERS = 100;

/** On one line, and without passwords. */
function shortened(statement: string): string {
  const line = statement
    .replace(/\s+/g, " ")
    .trim()
    .replace(/(password\s+)'(?:[^']|'')*'?/gi, "$1'…'");
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line;
}

function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 2 * 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
