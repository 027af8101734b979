/** Tables of the second database: their columns and keys, and how the effect of a batch is written to them. */
import { escapeIdentifier, type PoolClient } from "pg";
import type { Row } from "../../consumer/change/row";
import { isCut } from "./cuts";
import { hindrancesOf } from "./hindrances";
import type { NetEffect } from "./net-effect";
import { toPostgres } from "./values";

interface Column {
  name: string;
  /**
   * The type below its domains in SQL, without length or decimals: a cast to `varchar(3)` or to a domain over it cuts a longer text without
   * a word, while an INSERT refuses it.
   */
  type: string;
  /** The column's own type in SQL. An explicit cast to it rounds as an INSERT does. */
  whole: string;
  /** Name of the type below domains and arrays. An added type with the name of a built-in one is none that this sink knows. */
  base: string;
  /** What is between an array's elements; null for other types. */
  delimiter: string | null;
  isKey: boolean;
}

/** `below` has each type with the one that is left when all domains are taken off: there are domains over domains, and arrays of domains. */
const COLUMNS = `WITH RECURSIVE below (type, root) AS (
    SELECT oid, oid FROM pg_type WHERE typtype <> 'd'
    UNION ALL SELECT t.oid, below.root FROM pg_type t JOIN below ON below.type = t.typbasetype WHERE t.typtype = 'd')
  SELECT n.nspname AS schema, c.relname AS table, a.attname AS name,
    format_type(CASE WHEN e.oid IS NULL THEN own.root ELSE base.typarray END, -1) AS type, format_type(a.atttypid, a.atttypmod) AS whole,
    CASE WHEN kind.oid < 16384 OR kind.typname IN ('hstore', 'vector', 'halfvec') AND kind.typtype = 'b' THEN kind.typname ELSE '' END AS base, e.typdelim AS delimiter,
    EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])) AS "isKey"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN below own ON own.type = a.atttypid JOIN pg_type t ON t.oid = own.root
    LEFT JOIN pg_type e ON e.typarray = t.oid
    LEFT JOIN below element ON element.type = e.oid LEFT JOIN pg_type base ON base.oid = element.root
    JOIN pg_type kind ON kind.oid = COALESCE(base.oid, t.oid)
  WHERE n.nspname || '.' || c.relname = $1 AND c.relkind IN ('r', 'p') ORDER BY a.attnum`;

/** Types that may have a length or decimals, to which an INSERT rounds a value, or cuts blanks off, without a word. */
const ROUNDED = new Set(["numeric", "timestamp", "timestamptz", "time", "timetz", "interval", "varchar", "bpchar"]);

/** The tables that changes have named so far. */
export class Targets {
  private readonly known = new Map<string, Target>();
  /** Tables that were not there when changes of them came. */
  private readonly missed = new Set<string>();
  /** Sentences about tables that were said. */
  private readonly said = new Set<string>();

  /** @param warn is called once with the name of a table that is not there, once when it is there after all, and once of triggers that do nothing */
  constructor(private readonly warn: (sentence: string) => void = () => undefined) {}

  /** @returns the table; undefined when there is none with this name, which is asked again each time: somebody may make it */
  async of(client: PoolClient, table: string): Promise<Target | undefined> {
    const known = this.known.get(table) ?? (await look(client, table, (sentence) => this.sayOnce(sentence)));
    if (known === undefined) {
      if (!this.missed.has(table)) this.warn(`the sink has no table ${table}: its changes are left out`);
      this.missed.add(table);
      return undefined;
    }
    this.known.set(table, known);
    if (this.missed.delete(table)) {
      this.warn(
        `the sink has a table ${table} now, without the changes from before: set their places back (UPDATE cdc_places SET place = '' WHERE topic LIKE '%.${table}'), ` +
          `then npm run replay -- --beginning --table '${table}'`,
      );
    }
    return known;
  }

  forget(): void {
    this.known.clear();
  }

  private sayOnce(sentence: string): void {
    if (!this.said.has(sentence)) this.warn(sentence);
    this.said.add(sentence);
  }
}

async function look(client: PoolClient, table: string, warn: (sentence: string) => void): Promise<Target | undefined> {
  const { rows } = await client.query<Column & { schema: string; table: string }>(COLUMNS, [table]);
  const [first] = rows;
  if (first === undefined) return undefined;
  const name = `${escapeIdentifier(first.schema)}.${escapeIdentifier(first.table)}`;
  const { isReferenced, idle } = await hindrancesOf(client, name);
  if (idle !== undefined) warn(idle);
  return new Target(name, rows, isReferenced ? "DELETE FROM" : "TRUNCATE");
}

export class Target {
  constructor(
    private readonly name: string,
    private readonly columns: readonly Column[],
    private readonly empty: "TRUNCATE" | "DELETE FROM",
  ) {}

  async apply(client: PoolClient, { keys, truncated, deleted, written }: NetEffect): Promise<void> {
    for (const key of keys) this.expectKey(key);
    if (truncated) await client.query(`${this.empty} ${this.name}`);
    if (deleted.length > 0) await this.delete(client, deleted);
    for (const rows of withSameColumns(written)) await this.upsert(client, rows);
  }

  /** @throws unless changes are found by the table's primary key: by a part of it, a delete would take other rows with it */
  private expectKey(columns: readonly string[]): void {
    const own = this.columns.filter(({ isKey }) => isKey).map(({ name }) => name);
    if (own.length === 0) throw new Error(`${this.name} has no primary key, by which the sink finds its rows`);
    if (own.length === columns.length && own.every((name) => columns.includes(name))) return;
    throw new Error(
      `${this.name} has the primary key ${own.join(", ")}, and the changes have the key ${columns.join(", ")}: they have to be the same`,
    );
  }

  private async delete(client: PoolClient, keys: readonly Row[]): Promise<void> {
    const columns = this.named(Object.keys(keys[0]!));
    const same = columns.map((column) => `own.${column.sql} = gone.${column.sql}`).join(" AND ");
    await client.query(`DELETE FROM ${this.name} AS own USING (${rowsOf(columns)}) AS gone WHERE ${same}`, [
      ...this.arrays(columns, keys),
    ]);
  }

  private async upsert(client: PoolClient, rows: readonly Row[]): Promise<void> {
    const columns = this.named(Object.keys(rows[0]!));
    const names = columns.map(({ sql }) => sql).join(", ");
    const key = columns.filter(({ isKey }) => isKey).map(({ sql }) => sql);
    const others = columns.filter(({ isKey }) => !isKey).map(({ sql }) => `${sql} = excluded.${sql}`);
    const then = others.length === 0 ? "NOTHING" : `UPDATE SET ${others.join(", ")}`;
    // An identity column gets the captured row's number, not one of its own.
    const insert = `INSERT INTO ${this.name} AS own (${names}) OVERRIDING SYSTEM VALUE SELECT * FROM new ON CONFLICT (${key.join(", ")}) DO ${then}`;
    const given = `WITH new AS (${rowsOf(columns)})`;
    const values = this.arrays(columns, rows);
    const rounded = columns.filter(({ base, type, whole }) => ROUNDED.has(base) && type !== whole);
    if (rounded.length === 0) {
      await client.query(`${given} ${insert}`, values);
      return;
    }
    // The given values are asked, and not the row that was written: a trigger that is meant may have altered that.
    const altered = rounded.map(
      ({ sql, type, whole }) => `bool_or(CAST(CAST(${sql} AS ${whole}) AS ${type}) IS DISTINCT FROM ${sql})`,
    );
    const found = await client.query<{ altered: (boolean | null)[] }>(
      `${given}, own AS (${insert}) SELECT ARRAY[${altered.join(", ")}] AS altered FROM new`,
      values,
    );
    const cut = rounded.filter((_, i) => found.rows[0]!.altered[i] === true);
    if (cut.length > 0) throw this.cut(cut, "length and decimals");
  }

  private cut(columns: readonly Column[], what: string): Error {
    const names = columns.map(({ name }) => name).join(", ");
    return new Error(
      `${this.name}: the sink would cut or round ${names}: give it the ${what} that the captured table has`,
    );
  }

  /** @throws when Postgres would read a value as another one: a `real` rounds it before anything can be compared */
  private arrays(columns: readonly Column[], rows: readonly Row[]): (string | null)[][] {
    return columns.map((column) => {
      const { name, base, delimiter } = column;
      if (rows.some((row) => isCut(row[name] ?? null, base, delimiter !== null))) throw this.cut([column], "type");
      return rows.map((row) => toPostgres(row[name] ?? null, base, delimiter));
    });
  }

  private named(names: readonly string[]): (Column & { sql: string })[] {
    return names.map((name) => {
      const column = this.columns.find((each) => each.name === name);
      if (column === undefined)
        throw new Error(`${this.name} has no column ${name}: add it, as the captured table has it`);
      return { ...column, sql: escapeIdentifier(name) };
    });
  }
}

/** Rows from an array of texts for each column: one statement for any number of rows. */
function rowsOf(columns: readonly (Column & { sql: string })[]): string {
  const given = columns.map((_, i) => `$${i + 1}::text[]`).join(", ");
  const names = columns.map(({ sql }) => sql).join(", ");
  const cast = columns.map(({ sql, type }) => `CAST(${sql} AS ${type}) AS ${sql}`).join(", ");
  return `SELECT ${cast} FROM unnest(${given}) AS text (${names})`;
}

/** Groups of rows with the same columns: rows from before and after a column was added are two groups. */
function withSameColumns(rows: readonly Row[]): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const columns = JSON.stringify(Object.keys(row));
    const group = groups.get(columns);
    if (group === undefined) groups.set(columns, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
