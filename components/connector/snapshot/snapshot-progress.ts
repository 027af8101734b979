import { topicOf } from "../../names/topic-names";
import type { Ask } from "../slot/connector-session";
import { namedTables } from "../slot/source";
import type { ConnectorInputs } from "../connector-types";
import { copying } from "./moving";
import { estimateSql } from "./table-look";
import { isTransformed } from "./transforms";
import { recordsIn, type TopicCounts } from "./written";

/** How much of a table is in Kafka. */
export interface TableProgress {
  table: string;
  rows: number;
  /** Rows that the table holds, by Postgres' estimate; missing where Postgres has none. */
  of?: number;
}

/** Looks how far the first snapshot of a connector is; `undefined` while none runs. */
export type SnapshotProgress = () => Promise<Progress | undefined>;

export interface Progress {
  tables: TableProgress[];
  /** Changes while rows move, counted or not. */
  mark: string;
}

/** Stands for all tables, where transforms decide which topics their records go to. */
export const ALL_TABLES = "*";

/**
 * Counts the snapshot's rows in the tables' topics, since Postgres does not tell how far a SELECT is. Behind transforms it counts the records
 * in all topics of the connector.
 *
 * @param ask a session of the connector's role
 * @param counts counts of topics; without them it is only known whether rows move
 * @param topics those that Kafka Connect says the connector has written to
 */
export function followSnapshot(
  ask: Ask,
  counts: (() => Promise<TopicCounts>) | undefined,
  inputs: ConnectorInputs,
  topics: () => Promise<string[]>,
): SnapshotProgress {
  const { config } = inputs;
  const tables = namedTables(config);
  let known: { begun: number; base: Map<string, number>; of: Map<string, number> } | undefined;
  const topic = (table: string): string => topicOf(String(config["topic.prefix"]), table);
  return async () => {
    const copy = await copying(ask, inputs);
    if (copy === undefined) return undefined;
    const { begun, mark } = copy;
    if (counts === undefined) return { tables: [], mark };
    const { written, writtenBefore } = await counts();
    known = known?.begun === begun ? known : { begun, base: new Map(), of: await estimates(ask, tables) };
    const { base, of: sizes } = known;
    const rowsIn = async (name: string): Promise<number> => {
      if (!base.has(name)) base.set(name, await writtenBefore(name, begun));
      return recordsIn(Math.max((await written(name)) - base.get(name)!, 0), config);
    };
    const found: TableProgress[] = [];
    if (isTransformed(config)) {
      let rows = 0;
      for (const name of await topics()) rows += await rowsIn(name);
      const of = [...sizes.values()].reduce((sum, each) => sum + each, 0);
      found.push({ table: ALL_TABLES, rows, ...(of > 0 && { of }) });
    } else {
      for (const table of tables) {
        const of = sizes.get(table);
        found.push({ table, rows: await rowsIn(topic(table)), ...(of === undefined ? {} : { of }) });
      }
    }
    return { tables: found, mark: `${found.reduce((sum, { rows }) => sum + rows, 0)} ${mark}` };
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
  if (now[0]?.table === ALL_TABLES) {
    const held = now[0].of === undefined ? "" : `, of tables with about ${grouped(now[0].of)} rows`;
    return `snapshot: ${grouped(total)} records written, as transforms let them through${held}; ${grouped(speed)} records/s`;
  }
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
