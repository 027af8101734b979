/** The topic's side: what its records come to. Knows Debezium's envelope as JSON, and nothing of the consumer. */
import { isLosslessNumber, parse } from "lossless-json";
import { type Canon, canonOfJson } from "./forms";
import { hashesOf, keyOf, type RowFile } from "./rows";
import type { TableShape } from "./table";
import { isVisible, type Moment } from "./visibility";

/** A record as Kafka has it. */
export interface TopicRecord {
  key: Buffer | null;
  value: Buffer | null;
  offset: string;
}

/** What of Debezium's envelope is read here; numbers are not rounded. */
interface Envelope {
  op: string;
  before: Row | null;
  after: Row | null;
  unchanged?: string[];
  source: { lsn?: unknown; txId?: unknown };
}
type Row = Record<string, unknown>;

/** Puts each visible record's effect into the file. */
export class TopicRows {
  /** Places of the key's columns in the table's; undefined until a record with a key, or without one, has told. */
  key: number[] | undefined;
  /** The furthest position so far, and how many records of it there were: rows of one COPY share theirs. */
  private furthest = { lsn: -1n, count: 0 };
  /** Where a repeat is; undefined while there is none. */
  private again: { lsn: bigint; count: number } | undefined;

  constructor(
    private readonly shape: TableShape,
    private readonly moment: Moment,
    private readonly into: () => RowFile,
  ) {}

  take(record: TopicRecord): void {
    if (record.value === null) return;
    const envelope = envelopeOf(record.value, this.shape.name);
    const { op, before, after } = envelope;
    const lsn = integer(envelope.source.lsn);
    const txId = integer(envelope.source.txId);
    const source = { lsn, txId: txId === null ? null : Number(txId), isSnapshot: op === "r" };
    if (!isVisible(source, this.moment) || op === "m") return;
    this.key ??= keyColumns(record.key, this.shape);
    if (this.key.length === 0) return this.takeKeyless(envelope, lsn, record.offset);
    const offset = Number(record.offset);
    if (op === "t") return this.into().put({ kind: "clear", key: keyOf([]), hashes: this.hashes(null), offset });
    const row = after ?? before ?? {};
    const values = this.values(row, envelope.unchanged);
    const key = keyOf(this.key.map((at) => values[at]));
    this.into().put({ kind: after === null ? "drop" : "set", key, hashes: this.hashes(after && values), offset });
  }

  /** Rows without a key are counted, so those that the connector has written again must not be. */
  private takeKeyless({ op, before, after }: Envelope, lsn: bigint | null, at: string): void {
    const offset = Number(at);
    if (op !== "r" && lsn !== null && this.isRepeat(lsn)) return;
    if (op === "t") return this.into().put({ kind: "clear", key: keyOf([]), hashes: this.hashes(null), offset });
    for (const [row, kind] of [[before, "drop"] as const, [after, "set"] as const]) {
      if (row === null) continue;
      const values = this.values(row);
      this.into().put({ kind, key: keyOf(values), hashes: this.hashes(values), offset });
    }
  }

  /** The connector goes back in the log after a crash, and then tells all from there on once more. */
  private isRepeat(lsn: bigint): boolean {
    const { furthest } = this;
    if (this.again === undefined && lsn >= furthest.lsn) {
      this.furthest = { lsn, count: lsn === furthest.lsn ? furthest.count + 1 : 1 };
      return false;
    }
    const { again } = this;
    this.again = { lsn, count: again?.lsn === lsn ? again.count + 1 : 1 };
    if (lsn < furthest.lsn || (lsn === furthest.lsn && this.again.count <= furthest.count)) return true;
    this.furthest = this.again;
    this.again = undefined;
    return false;
  }

  private values(row: Row, unchanged: readonly string[] = []): (Canon | undefined)[] {
    return valuesOf(this.shape, row, unchanged);
  }

  private hashes(values: (Canon | undefined)[] | null): Buffer {
    const { columns, isFull } = this.shape;
    return values === null ? Buffer.alloc(8 * (isFull ? 1 : columns.length)) : hashesOf(values, !isFull);
  }
}

/** Pure. A column that is not told is undefined; one that the record does not know, since it is younger, was NULL then. */
export function valuesOf(shape: TableShape, row: Row, unchanged: readonly string[] = []): (Canon | undefined)[] {
  return shape.columns.map(({ name, type }) =>
    unchanged.includes(name) ? undefined : canonOfJson(type, row[name] === undefined ? null : row[name]),
  );
}

/** @throws when it is not Debezium's, as after a transform */
export function envelopeOf(value: Buffer, table: string): Envelope {
  const payload = withoutSchema(value) as Partial<Envelope> | undefined;
  if (typeof payload?.op !== "string" || typeof payload.source !== "object") {
    throw new Error(
      `the topic of ${table} holds no change envelopes: a transform has unwrapped them, and old and new row are not told`,
    );
  }
  return { ...payload, before: payload.before ?? null, after: payload.after ?? null } as Envelope;
}

function keyColumns(key: Buffer | null, { name, columns }: TableShape): number[] {
  if (key === null) return [];
  const places = Object.keys(withoutSchema(key)!).map((column) => columns.findIndex((each) => each.name === column));
  if (places.includes(-1)) throw new Error(`the key of ${name} in its topic has a column that the table has not`);
  return places.sort((a, b) => a - b);
}

/** With `schemas.enable` the converter wraps everything into schema and payload. */
function withoutSchema(json: Buffer): Row | undefined {
  const parsed = parse(json.toString("utf8")) as Row | undefined;
  return parsed?.["schema"] !== undefined && parsed["payload"] !== undefined ? (parsed["payload"] as Row) : parsed;
}

function integer(value: unknown): bigint | null {
  return isLosslessNumber(value) ? BigInt(value.value) : null;
}
