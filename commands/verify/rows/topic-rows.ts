/** The topic's side of a comparison: the rows that its records result in. */
import {
  type Envelope,
  envelopeOf,
  type RowFields,
  isSameForm,
  isSameKind,
  keyFieldsOf,
  keyFormOf,
  type KeyForm,
  type TopicRecord,
} from "../values/record-envelope";
import { canonOfJson } from "../values/forms";
import { countsOf, lastOf } from "./fold";
import { ABSENT, keyOfHashes, rawKey, type RowHashes, type ColumnValue, UNCHANGED } from "./hashes";
import { Moves } from "../moves";
import { type ParseJson, parserFor } from "../values/record-json";
import { Repeats } from "../repeats";
import type { HashedRow, SpillFile } from "./spill-file";
import type { TableShape } from "../compared-table";
import { Places } from "./places";
import { isBefore, isBeyond, isVisible, type Moment } from "./visibility";

/** Where a record is in the topic, and in the order of all its records. */
type Spot = Pick<HashedRow, "partition" | "offset" | "place">;

export interface TopicSide {
  shape: TableShape;
  hashes: RowHashes;
  moment: Moment;
  /** How many partitions the topic has: more than one have no order among them, but for that of one row's changes. */
  partitions: number;
  /** By partition the end that it had before the moment; none where it had no records yet. */
  endsBefore: ReadonlyMap<number, bigint>;
  newFile: () => SpillFile;
}

/** Takes the topic's records in their order, and writes the effect of those that the snapshot sees into a file. */
export class TopicRows {
  /** Why the topic cannot be compared. */
  trouble: string | undefined;
  /** Whether the topic is to be read once more, by column: some record leaves columns out, or has another key than the one before. */
  needsColumns = false;
  /** The key of the last record; undefined before the first record of a row. */
  key: KeyForm | undefined;
  /** Whether the topic has a TRUNCATE: records before it do not matter. */
  isEmptied = false;
  /** Rows with an earlier key from which the next key cannot be made; and that earlier key. */
  rekeyed = { rows: 0, names: [] as string[] };
  /** Columns that some record lacks, since it is older. */
  absent = new Set<string>();
  /** By partition the last record of an earlier table of that name. */
  readonly earlierUpTo = new Map<number, number>();
  /** By partition the last record from a log that went further than the database's. */
  readonly otherLogUpTo = new Map<number, number>();
  private own: SpillFile | undefined;
  private readonly parse: ParseJson;
  private repeats = new Repeats();
  private moves = new Moves();
  private readonly places = new Places();
  /** The record before, where it was a delete. */
  private deleted: { offset: number; lsn: bigint | null } | undefined;

  constructor(private readonly side: TopicSide) {
    this.parse = parserFor(side.shape.columns);
  }

  /** The file with the rows that the records result in. */
  get file(): SpillFile {
    return (this.own ??= this.side.newFile());
  }

  take(record: TopicRecord): void {
    if (this.trouble !== undefined || this.needsColumns || record.value === null) return;
    try {
      const envelope = envelopeOf(record.value, this.side.shape.name, this.parse);
      const { op, lsn, txId } = envelope;
      const { moment, endsBefore } = this.side;
      const wasThere = BigInt(record.offset) < (endsBefore.get(record.partition) ?? 0n);
      if (op === "m" || !isVisible({ lsn, txId, isSnapshot: op === "r", wasThere }, moment)) return;
      const at = this.spotOf(record, envelope);
      if (isBeyond({ lsn }, moment)) this.otherLogUpTo.set(at.partition, at.offset);
      if (txId !== null && isBefore(txId, this.side.shape.madeBy)) this.earlierUpTo.set(at.partition, at.offset);
      if (op === "t") this.truncate(envelope, at);
      else this.takeRow(record, envelope, at);
    } catch (error) {
      this.trouble = `${(error as Error).message} (${this.named(record)})`;
    }
  }

  /** The moves of keys, which the folding of the file needs. */
  resolvedMoves(): Moves {
    const { file, moves } = this;
    moves.resolve(() => {
      for (let part = 0; part < file.parts; part++) lastOf(file.rowsOf(part), moves);
    });
    return moves;
  }

  remove(): void {
    this.own?.remove();
    this.own = undefined;
  }

  private truncate(envelope: Envelope, at: Spot): void {
    this.mustBeInOrder("TRUNCATE", at);
    // One that an `up` has written, before all rows are read again, is of no transaction. The log of a restored database begins further back.
    if (envelope.txId === null) this.repeats = new Repeats();
    else if (this.key?.names.length === 0 && this.repeats.has(envelope)) return;
    this.own?.clear();
    this.moves = new Moves();
    this.isEmptied = true;
    this.rekeyed = { rows: 0, names: [] };
    this.absent.clear();
  }

  private takeRow(record: TopicRecord, envelope: Envelope, at: Spot): void {
    const { op, before, after, unchanged, lsn } = envelope;
    const { deleted } = this;
    const { offset } = at;
    this.deleted = op === "d" ? { offset, lsn } : undefined;
    const form = keyFormOf(record.key, this.side.shape);
    if (this.key !== undefined && !isSameForm(this.key, form)) {
      this.mustBeInOrder("another key", at);
      if (!this.side.hashes.byColumn) return void (this.needsColumns = true);
      this.rekey(this.key, form);
    }
    this.key = form;
    if (op === "c" && unchanged.length > 0) {
      this.mustBeInOrder("a changed key", at);
      if (deleted !== undefined && deleted.lsn === lsn) this.moves.add(deleted.offset, offset);
    }
    if (form.names.length > 0)
      return this.put(form, after, after ?? before ?? keyFieldsOf(record.key), unchanged, record.key!, at);
    this.mustBeInOrder("a row without a key", at);
    // Rows without a key are counted, so a row that the connector wrote twice must be left out once.
    if (op !== "r" && this.repeats.has(envelope)) return;
    if (before !== null) this.putKeyless("drop", before, at);
    if (after !== null) this.putKeyless("set", after, at);
  }

  private put(
    form: KeyForm,
    after: RowFields | null,
    row: RowFields,
    unchanged: string[],
    recordKey: Buffer,
    at: Spot,
  ): void {
    const values = this.values(row, unchanged);
    if (after !== null && values.some(isGap)) {
      if (!this.side.hashes.byColumn) return void (this.needsColumns = true);
      this.noteAbsent(values);
    }
    const key = form.places.includes(-1) ? rawKey(recordKey) : this.side.hashes.keyOf(values, form.places);
    this.file.put({ kind: after === null ? "drop" : "set", key, hashes: this.side.hashes.of(values), ...at });
  }

  private putKeyless(kind: HashedRow["kind"], row: RowFields, at: Spot): void {
    const values = this.values(row, []);
    this.noteAbsent(values);
    this.file.put({ kind, key: this.side.hashes.keyOf(values, []), hashes: this.side.hashes.of(values), ...at });
  }

  private noteAbsent(values: readonly ColumnValue[]): void {
    this.side.shape.columns.forEach(({ name }, at) => values[at] === ABSENT && this.absent.add(name));
  }

  private spotOf({ partition, offset }: TopicRecord, envelope: Envelope): Spot {
    const at = { partition, offset: Number(offset), place: 0n };
    if (this.side.partitions === 1) return at;
    const place = this.places.next(partition, envelope);
    if (place === undefined) this.mustBeInOrder("a record without a position", at);
    return { ...at, place: place ?? 0n };
  }

  /** Puts the rows so far under another key. */
  private rekey(from: KeyForm, to: KeyForm): void {
    const [old, moves] = [this.file, this.resolvedMoves()];
    this.own = this.side.newFile();
    this.moves = new Moves();
    const follows = !to.places.includes(-1) && isSameKind(from, to);
    for (let part = 0; part < old.parts; part++) {
      const rows = from.names.length > 0 ? lastOf(old.rowsOf(part), moves) : countsOf(old.rowsOf(part));
      for (const { hashes, partition, offset, count } of rows.values()) {
        const key = follows ? keyOfHashes(hashes, to.places) : undefined;
        if (key === undefined) this.rekeyed = { rows: this.rekeyed.rows + Math.max(0, count), names: from.names };
        else {
          const copies = to.names.length > 0 ? Math.min(1, count) : count;
          for (let n = 0; n < copies; n++)
            this.own.put({ kind: "set", key, hashes: Buffer.from(hashes, "latin1"), partition, offset, place: 0n });
        }
      }
    }
    old.remove();
  }

  private values(row: RowFields, unchanged: readonly string[]): ColumnValue[] {
    return valuesOf(this.side.shape, row, unchanged);
  }

  private mustBeInOrder(what: string, at: Spot): void {
    const { partitions } = this.side;
    if (partitions > 1)
      throw new Error(
        `The topic has ${partitions} partitions, which have no order among them, and ${what} at ${this.named(at)}: it is not known which records came before it.`,
      );
  }

  private named({ partition, offset }: { partition: number; offset: string | number }): string {
    return `offset ${offset}${this.side.partitions > 1 ? ` of partition ${partition}` : ""}`;
  }
}

/** Pure. */
export function valuesOf({ columns }: TableShape, row: RowFields, unchanged: readonly string[]): ColumnValue[] {
  return columns.map(({ name, type }) => {
    if (unchanged.includes(name)) return UNCHANGED;
    return row[name] === undefined ? ABSENT : canonOfJson(type, row[name]);
  });
}

function isGap(value: ColumnValue): boolean {
  return value === UNCHANGED || value === ABSENT;
}
