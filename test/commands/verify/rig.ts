/** Checks a table with given rows and records, without a database and a broker. */
import type { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client, Query } from "pg";
import type { ChangedTable } from "../../../components/capture/tables/changed";
import type { ColumnType } from "../../../commands/verify/values/forms";
import type { TopicRecord } from "../../../commands/verify/values/record-envelope";
import type { TableResult } from "../../../commands/verify/result";
import { TableCheck } from "../../../commands/verify/table-check";
import { momentOf } from "../../../commands/verify/rows/visibility";

export interface Told {
  op: string;
  /** The record's key; null for none. @default the row's `id` */
  key?: object | null;
  before?: object | null;
  after?: object | null;
  unchanged?: string[];
  lsn?: number;
  /** Of the commit, and the number in the transaction, as this project's image writes them. */
  commit?: number;
  event?: number;
  /** The commit before, in `sequence`, as any Debezium writes it. */
  lastCommit?: number;
  /** @default 0 */
  partition?: number;
  /** @default the record's place in the list */
  offset?: number;
  txId?: number | null;
}

export interface Given {
  /** Types by column: `int4`, `int4[]`. */
  columns?: Record<string, string>;
  /** Rows as Postgres prints their values. */
  rows: (string | null)[][];
  /** For each row, the transaction that wrote it last. */
  writers?: number[];
  /** Records; null for a tombstone. */
  records: (Told | null)[];
  /** How many records are gone from the topic's beginning. */
  gone?: number;
  /** How many records the topic had before the moment. */
  before?: number;
  partitions?: number;
  config?: Record<string, string>;
  told?: ChangedTable[];
  madeBy?: number;
  alteredBy?: number[];
}

export const row = (id: number, v: string | null) => ({ id, v });

/** Transactions from number 1000 on, and positions after 1000000, are later than this moment. */
const MOMENT = momentOf("1000:1000:", 1_000_000n, 1000n);

export async function check(given: Given): Promise<TableResult> {
  const { columns = { id: "int4", v: "text" }, gone = 0, before = 0, partitions = 1, config = {}, madeBy = 1 } = given;
  const folder = mkdtempSync(join(tmpdir(), "verify-"));
  const records = given.records.map((told, at) => recordOf(told, gone + at));
  const ranges = Array.from({ length: partitions }, (_, partition) => ({
    ...{ topic: "s.public.t", partition },
    ...{ low: BigInt(gone), high: BigInt(gone + records.length) },
  }));
  try {
    const made = new TableCheck({
      shape: {
        ...{ name: "public.t", sql: "public.t", madeBy, alteredBy: new Set(given.alteredBy ?? []), estimate: 0 },
        columns: Object.entries(columns).map(([name, type]) => ({ name, type: typeOf(type) })),
      },
      ...{ topic: "s.public.t", told: given.told, ranges, moment: MOMENT, config, folder },
      before: ranges.map((range) => ({ ...range, high: BigInt(gone + before) })),
      read: (_spans, take) => Promise.resolve(records.forEach((record) => take("s.public.t", record))),
    });
    for (const record of records) made.topicRows.take(record);
    if (made.beginByColumn()) for (const record of records) made.topicRows.take(record);
    return await made.result(database({ ...given, madeBy }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function typeOf(name: string): ColumnType {
  return name.endsWith("[]") ? { name, element: { name: name.slice(0, -2) } } : { name };
}

function recordOf(told: Told | null, offset: number): TopicRecord {
  if (told === null) return { key: Buffer.from("{}"), value: null, partition: 0, offset: String(offset) };
  const { op, before = null, after = null, unchanged, lsn = offset + 1, txId = 500, commit, event, lastCommit } = told;
  const { id } = (after ?? before ?? {}) as { id?: number };
  const key = told.key === undefined && op !== "t" ? { id } : (told.key ?? null);
  const value = {
    before,
    after,
    op,
    source: {
      ...{ lsn, txId, commit_lsn: commit, event_serial_no: event },
      ...(lastCommit !== undefined && { sequence: JSON.stringify([String(lastCommit), String(lsn)]) }),
    },
    ...(unchanged && { unchanged }),
  };
  return {
    key: key && Buffer.from(JSON.stringify(key)),
    value: Buffer.from(JSON.stringify(value)),
    partition: told.partition ?? 0,
    offset: String(told.offset ?? offset),
  };
}

/** A fake database that returns the rows as pg does. */
function database({ rows, writers = [], madeBy = 1 }: Given): Client {
  return {
    escapeIdentifier: (name: string) => name,
    query(query: Query & EventEmitter) {
      rows.forEach((texts, at) => query.emit("row", [String(writers[at] ?? Math.max(500, madeBy)), ...texts]));
      query.emit("end");
    },
  } as unknown as Client;
}
