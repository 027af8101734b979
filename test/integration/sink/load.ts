import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";

/** Random numbers from 0 up to 1, without 1. The same seed gives the same numbers (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TURN_MS = 100;
const KEYS = 2000;
const PARTS = 50;

/** Writes at a steady rate, as an application and its bulk loads do. */
export class Load {
  changes = 0;

  constructor(
    private readonly database: Client,
    private readonly random: () => number,
  ) {}

  async run(seconds: number, aSecond: number): Promise<void> {
    const start = Date.now();
    while (Date.now() < start + seconds * 1000) {
      const due = ((Date.now() - start) / 1000) * aSecond;
      if (this.changes < due) await this.write();
      else await sleep(TURN_MS / 10);
    }
  }

  private async write(): Promise<void> {
    const statement = this.statement();
    const { rowCount } = await this.database.query(statement);
    // A TRUNCATE reports no rows.
    this.changes += Math.max(1, rowCount ?? 0);
  }

  private statement(): string {
    const id = this.below(KEYS);
    const dice = this.random();
    if (dice < 0.3) return this.upsert(id, 20);
    if (dice < 0.6)
      return `update accounts set balance = balance + ${this.below(100)}.5, changed = clock_timestamp() where id % 40 = ${id % 40}`;
    if (dice < 0.7) return `delete from accounts where id between ${id} and ${id + 15}`;
    if (dice < 0.75)
      // The row gets the present time: otherwise a row that takes the place of a deleted one would look older than that, like a step back.
      return `update accounts set id = id + ${KEYS}, changed = clock_timestamp() where id = ${id} and not exists (select from accounts where id = ${id + KEYS})`;
    if (dice < 0.76) return this.below(6) === 0 ? "truncate accounts" : `delete from accounts where id > ${KEYS}`;
    if (dice < 0.9) return this.shape(this.below(PARTS));
    if (dice < 0.98)
      return `update shapes set amount = amount + 1, doc = doc || '{"seen": true}' where "First Part" % 10 = ${id % 10}`;
    return `delete from shapes where part = 'p${this.below(3)}'`;
  }

  private upsert(first: number, rows: number): string {
    return `insert into accounts select i, i * 1.25, 'owner ' || i || E' "\\\\\\' é🙂', clock_timestamp() from generate_series(${first}, ${first + rows}) i
      on conflict (id) do update set owner = excluded.owner || ' again', changed = excluded.changed`;
  }

  private shape(id: number): string {
    return `insert into shapes values (${id}, 'p${this.below(3)}', '\\x00ff${id.toString(16).padStart(4, "0")}', 'NaN', array['a"b\\', null, 'NULL', ''],
        '{{1,2},{3,null}}', '{"a": [1, "x"]}', '2026-02-03', '24:00', '1 year 2 mons -3 days 04:05:06.5', 'infinity', '(1.5,-0)', '10101',
        9007199254740993, '-0')
      on conflict ("First Part", part) do update set amount = case when shapes.amount = 'NaN' then 'Infinity' else ${id}.10 end, tags = null`;
  }

  private below(end: number): number {
    return Math.floor(this.random() * end);
  }
}
