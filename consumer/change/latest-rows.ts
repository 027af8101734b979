/**
 * A table's rows, each from the last record of its key in the topic. Pure: the caller adds the records of a partition in pieces,
 * the newest piece first. Within a piece, the oldest record comes first.
 */
import type { Change } from "./change-event";
import { placeOf } from "./event-id";
import type { Row } from "./row";

/** The row of one key, from its last record. */
export interface LatestRow {
  key: Row;
  /** Null: the last record is a delete. */
  row: Row | null;
  /** Columns whose value is only in older records, see `Change.unchanged`. */
  unchanged: string[];
  op: Change["op"];
  committedAtMicros: number | null;
  partition: number;
  offset: string;
  /** See `Change.eventId`. */
  eventId: string | null;
  /** The record's own time, milliseconds since 1970. */
  recordedAt: number;
  /** Memory that holding the row takes, roughly, in bytes. */
  bytes: number;
}

export class Keyless extends Error {}

/** Memory that a key alone takes, roughly. */
const KEY_BYTES = 200;

/** A piece of a partition's records. */
export class Piece {
  /** Rows by the key's text. The key that changed last comes last. */
  readonly rows = new Map<string, LatestRow>();
  /** Why older records do not count: the table was truncated here, or the piece was full and has dropped its oldest rows. */
  bottom: "truncated" | "full" | null = null;
  /** The `eventId` of the last TRUNCATE in this piece. */
  emptied: string | null = null;
  private bytes = 0;

  /** @param newer rows from later records; a key whose row they have whole is passed over here */
  constructor(
    private readonly mostBytes: number,
    private readonly newer = new LatestRows(),
  ) {}

  /**
   * @param bytes of the record's value
   * @throws Keyless for a record of a table without a key
   */
  add(change: Change, recordedAt: number, bytes: number): void {
    const { op, key, partition, offset, committedAtMicros, eventId } = change;
    if (op === "message") return;
    if (op === "truncate") {
      this.rows.clear();
      this.bytes = 0;
      this.bottom = "truncated";
      this.emptied = eventId;
      return;
    }
    if (key === null) throw new Keyless(`${change.table} has no primary key, so no record says which row it is of`);
    const name = nameOf(key);
    if (this.newer.tells(name)) return;
    const before = this.rows.get(name);
    const latest: LatestRow = {
      ...{ key, row: change.after, unchanged: [...(change.unchanged ?? [])], op, committedAtMicros },
      ...{ partition, offset, eventId, recordedAt, bytes: change.after === null ? KEY_BYTES : bytes },
    };
    if (before !== undefined) {
      fill(latest, before);
      this.drop(name, before);
    }
    this.rows.set(name, latest);
    this.bytes += latest.bytes;
    this.letGo();
  }

  private drop(name: string, { bytes }: LatestRow): void {
    this.rows.delete(name);
    this.bytes -= bytes;
  }

  private letGo(): void {
    for (const [name, oldest] of this.rows) {
      if (this.bytes <= this.mostBytes || this.rows.size === 1) return;
      this.drop(name, oldest);
      this.bottom = "full";
    }
  }
}

/** The rows of a partition, from its end back to as far as it was read. */
export class LatestRows {
  /** Rows by the key's text. The key that changed last comes first. */
  private readonly rows = new Map<string, LatestRow>();

  /** Adds the piece that comes before all pieces that were added until now. */
  addOlder(piece: Piece): void {
    for (const [name, older] of [...piece.rows].reverse()) {
      const known = this.rows.get(name);
      if (known === undefined) this.rows.set(name, older);
      else fill(known, older);
    }
  }

  /** Whether the key's row is known whole, or is known to be deleted. */
  tells(name: string): boolean {
    const known = this.rows.get(name);
    return known !== undefined && (known.row === null || known.unchanged.length === 0);
  }

  /** The rows that exist. The one that changed last comes first. */
  get existing(): LatestRow[] {
    return existing(this.rows);
  }

  /**
   * The rows that exist in several partitions. A key is in two of them where the topic was given more partitions in between: then the record of the
   * later event is its row, or its end.
   */
  static ofAll(partitions: readonly LatestRows[]): LatestRow[] {
    if (partitions.length === 1) return partitions[0]!.existing;
    const found = new Map<string, LatestRow>();
    for (const { rows } of partitions)
      for (const [name, row] of rows) {
        const other = found.get(name);
        if (other === undefined) found.set(name, row);
        else {
          const [newer, older] = isLater(other, row) ? [{ ...other }, row] : [{ ...row }, other];
          fill(newer, older);
          found.set(name, newer);
        }
      }
    return existing(found);
  }
}

function existing(rows: ReadonlyMap<string, LatestRow>): LatestRow[] {
  return [...rows.values()].filter(({ row }) => row !== null);
}

/** By the order of the events in the log; by the records' times where these have no id. */
function isLater(one: LatestRow, other: LatestRow): boolean {
  const [place, otherPlace] = [placeOf(one.eventId ?? ""), placeOf(other.eventId ?? "")];
  if (place === otherPlace || place === "" || otherPlace === "") return one.recordedAt > other.recordedAt;
  return place > otherPlace;
}

/**
 * The rows that were written after the table was last emptied. A TRUNCATE is a record of one partition. Records of the other partitions are ordered against
 * it by their ids only.
 */
export function sinceEmptied(rows: readonly LatestRow[], emptied: readonly (string | null)[]): LatestRow[] {
  const places = emptied.map((id) => placeOf(id ?? ""));
  const last = places.reduce((newest, place) => (place > newest ? place : newest), "");
  return rows.filter(({ eventId }) => eventId === null || placeOf(eventId) >= last);
}

/** Copies the large values that an update did not touch from an older record of the row. */
function fill(newer: LatestRow, older: LatestRow): void {
  if (newer.row === null || newer.unchanged.length === 0) return;
  // The row was deleted and inserted again: the older record is of another row.
  if (older.row === null) return;
  const found = newer.unchanged.filter((column) => Object.hasOwn(older.row!, column));
  newer.row = { ...newer.row, ...Object.fromEntries(found.map((column) => [column, older.row![column]!])) };
  newer.unchanged = newer.unchanged.filter((column) => !found.includes(column));
}

function nameOf(key: Row): string {
  return JSON.stringify(key, (_name, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
