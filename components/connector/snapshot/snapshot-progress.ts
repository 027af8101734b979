import { topicOf } from "../../names/topic-names";
import type { Ask } from "../slot/connector-session";
import { namedTables, roleOf } from "../slot/source";
import type { ConnectorInputs } from "../connector-types";
import { estimateSql } from "./table-look";
import { recordsIn, type TopicCounts } from "./written";

/** How much of a table is in Kafka. */
export interface TableProgress {
  table: string;
  rows: number;
  /** Rows that the table holds, by Postgres' estimate; missing where Postgres has none. */
  of?: number;
}

/** Looks how far the first snapshot of a connector is; `undefined` while none runs. */
export type SnapshotProgress = () => Promise<TableProgress[] | undefined>;

/** When Debezium's snapshot began: it is one transaction of the connector's role. */
const BEGUN_SQL = `SELECT extract(epoch FROM min(xact_start)) * 1000 AS begun FROM pg_stat_activity
  WHERE usename = $1 AND application_name ~ '^Debezium' AND datname = current_database()
    AND xact_start < clock_timestamp() - interval '1 s'`;

/**
 * Counts the snapshot's rows in the tables' topics, since Postgres does not tell how far a SELECT is. Rows that a transform sends
 * to other topics are not counted.
 *
 * @param ask a session of the connector's role
 */
export function followSnapshot(ask: Ask, counts: TopicCounts, inputs: ConnectorInputs): SnapshotProgress {
  const { config } = inputs;
  const tables = namedTables(config);
  let known: { begun: number; base: Map<string, number>; of: Map<string, number> } | undefined;
  const topic = (table: string): string => topicOf(String(config["topic.prefix"]), table);
  return async () => {
    const { rows } = await ask((client) => client.query<{ begun: string | null }>(BEGUN_SQL, [roleOf(inputs)]));
    if (!rows[0]?.begun) return undefined;
    const begun = Math.floor(Number(rows[0].begun));
    if (known?.begun !== begun) {
      const base = new Map<string, number>();
      for (const table of tables) base.set(table, await counts.writtenBefore(topic(table), begun));
      known = { begun, base, of: await estimates(ask, tables) };
    }
    const found: TableProgress[] = [];
    for (const table of tables) {
      const of = known.of.get(table);
      const offsets = (await counts.written(topic(table))) - (known.base.get(table) ?? 0);
      found.push({ table, rows: recordsIn(Math.max(offsets, 0), config), ...(of === undefined ? {} : { of }) });
    }
    return found;
  };
}

const ESTIMATE_SQL = `SELECT n.nspname || '.' || c.relname AS name, ${estimateSql("c.oid")} AS rows
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname || '.' || c.relname = ANY ($1)`;

async function estimates(ask: Ask, tables: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await ask((client) => client.query<{ name: string; rows: number }>(ESTIMATE_SQL, [tables]));
  return new Map(rows.filter((each) => each.rows > 0).map((each) => [each.name, each.rows]));
}

const MOST_TABLES = 3;

/** Pure: how far the snapshot is, in words. @param before the progress `seconds` earlier */
export function progressWords(
  now: readonly TableProgress[],
  before: readonly TableProgress[],
  seconds: number,
): string {
  const earlier = new Map(before.map(({ table, rows }) => [table, rows]));
  const gain = ({ table, rows }: TableProgress): number => rows - (earlier.get(table) ?? 0);
  const moving = now.filter((each) => gain(each) > 0).slice(0, MOST_TABLES);
  const begun = now.filter(({ rows }) => rows > 0).length;
  const total = now.reduce((sum, { rows }) => sum + rows, 0);
  const speed = seconds > 0 ? Math.round(now.reduce((sum, each) => sum + gain(each), 0) / seconds) : 0;
  const shown = moving.map(({ table, rows, of }) => {
    const share =
      of === undefined ? "" : ` of about ${grouped(of)} (${Math.min(100, Math.floor((100 * rows) / of))} %)`;
    return `${table} ${grouped(rows)}${share}`;
  });
  const all = now.length > 1 ? [`${grouped(total)} rows of ${begun} of ${now.length} tables`] : [];
  return `snapshot: ${[shown.join(", ") || "no new rows", ...all, `${grouped(speed)} rows/s`].join("; ")}`;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
