/** One transaction of the writer. Pure: it is made from random numbers and the rows that exist. */
import type { Random } from "../random";
import { POISON } from "../version";
import type { Table } from "../chaos-tables";
import type { Written } from "./journal";

/** A statement, the rows of a COPY, or a pause. */
export type WriteStep =
  | { sql: string; values?: unknown[] }
  | { copy: string; rows: string }
  | { pauseMs: number }
  /** A TRUNCATE, which is named after its transaction. */
  | { truncate: Table };

export interface Transaction {
  steps: WriteStep[];
  /** The changes that the topic must have of it, in order. */
  changes: Written[];
  /** Its keys afterwards, each with its version, or null for a deleted one. They show whether a commit without an answer has worked. */
  after: Map<string, number | null>;
  /** Whether it has BEGIN and COMMIT. A single statement commits by itself. */
  explicit: boolean;
  /** Whether it is committed in two phases. */
  prepared?: boolean;
}

/** The rows of one table that only one worker writes, as each key's version. */
export interface Ground {
  table: Table;
  rows: ReadonlyMap<string, number>;
  /** A key and a version that were never given before. */
  freshKey(): string;
  freshVersion(): number;
}

/** Builds a transaction statement by statement. It takes keys that the transaction has not touched, unless the caller names one. */
export class Draft {
  readonly steps: WriteStep[] = [];
  readonly changes: Written[] = [];
  readonly after = new Map<string, number | null>();

  constructor(
    private readonly ground: Ground,
    private readonly random: Random,
  ) {}

  /** @returns an existing key that this transaction has not touched; undefined when there is none */
  present(): string | undefined {
    const free = [...this.ground.rows.keys()].filter((key) => !this.after.has(key));
    return free.length === 0 ? undefined : this.random.pick(free);
  }

  insert(note = this.note()): string {
    const { table } = this.ground;
    const [key, version] = [this.ground.freshKey(), this.ground.freshVersion()];
    this.steps.push({
      sql: `insert into ${table} (id, version, note) values ($1, $2, $3)`,
      values: [key, version, note],
    });
    this.told(key, version);
    return key;
  }

  insertMany(count: number): void {
    const pairs = Array.from({ length: count }, () => [this.ground.freshKey(), this.ground.freshVersion()] as const);
    const sql = `insert into ${this.ground.table} (id, version, note) select id, version, $3 from unnest($1::bigint[], $2::bigint[]) as pair (id, version)`;
    this.steps.push({ sql, values: [pairs.map(([key]) => key), pairs.map(([, version]) => version), this.note()] });
    for (const [key, version] of pairs) this.told(key, version);
  }

  copy(count: number): void {
    const lines: string[] = [];
    for (let left = count; left > 0; left--) {
      const [key, version] = [this.ground.freshKey(), this.ground.freshVersion()];
      lines.push(`${key}\t${version}\t${this.note()}\n`);
      this.told(key, version);
    }
    this.steps.push({ copy: `copy ${this.ground.table} (id, version, note) from stdin`, rows: lines.join("") });
  }

  update(key: string): void {
    const version = this.ground.freshVersion();
    this.steps.push({
      sql: `update ${this.ground.table} set version = $2, note = $3 where id = $1`,
      values: [key, version, this.note()],
    });
    this.told(key, version);
  }

  updateMany(count: number): void {
    const pairs: (readonly [string, number])[] = [];
    for (let left = count; left > 0; left--) {
      const key = this.present();
      if (key === undefined) break;
      const version = this.ground.freshVersion();
      pairs.push([key, version]);
      this.told(key, version);
    }
    const { table } = this.ground;
    const sql = `update ${table} set version = pair.version from unnest($1::bigint[], $2::bigint[]) as pair (id, version) where ${table}.id = pair.id`;
    this.steps.push({ sql, values: [pairs.map(([key]) => key), pairs.map(([, version]) => version)] });
  }

  delete(key: string): void {
    this.steps.push({ sql: `delete from ${this.ground.table} where id = $1`, values: [key] });
    this.gone(key);
  }

  /** Debezium writes a change of the key as a deletion and a creation. */
  changeKey(key: string): void {
    const [to, version] = [this.ground.freshKey(), this.ground.freshVersion()];
    const sql = `update ${this.ground.table} set id = $2, version = $3 where id = $1`;
    this.steps.push({ sql, values: [key, to, version] });
    this.gone(key);
    this.told(to, version);
  }

  /** The insert after a savepoint that is rolled back reaches no topic. */
  rolledBack(): void {
    const [key, version] = [this.ground.freshKey(), this.ground.freshVersion()];
    const insert = {
      sql: `insert into ${this.ground.table} (id, version, note) values ($1, $2, 'never')`,
      values: [key, version],
    };
    this.steps.push({ sql: "savepoint inner_one" }, insert, { sql: "rollback to savepoint inner_one" });
  }

  truncate(): void {
    const { table, rows } = this.ground;
    this.steps.push({ truncate: table });
    this.changes.push({ table, key: "*", version: "" });
    for (const key of rows.keys()) this.after.set(key, null);
  }

  pause(ms: number): void {
    this.steps.push({ pauseMs: ms });
  }

  made(prepared = false): Transaction {
    const { steps, changes, after } = this;
    return { steps, changes, after, explicit: prepared || steps.length > 1 || "truncate" in steps[0]!, prepared };
  }

  private told(key: string, version: number): void {
    this.changes.push({ table: this.ground.table, key, version: String(version) });
    this.after.set(key, version);
  }

  private gone(key: string): void {
    const version = this.after.get(key) ?? this.ground.rows.get(key);
    this.changes.push({ table: this.ground.table, key, version: `d${version}` });
    this.after.set(key, null);
  }

  private note(): string {
    return "n".repeat(this.random.whole(POISON.length + 1, 120));
  }
}
