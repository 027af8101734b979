/** `/rows`: a table's rows from the records of its topic. Each request reads the topic back from its end. */
import { topicOf } from "../../../components/names/topic-names";
import type { RowsJson } from "../../api";
import { isChange } from "../../change/change-event";
import { isoMicros } from "../../change/change-json";
import { valueToJson } from "../../change/value-json";
import { Keyless, type LatestRow, LatestRows, Piece, sinceEmptied } from "../../change/latest-rows";
import { parseRecord } from "../../change/parse-record";
import { BadRequest } from "./query";

/** What the route asks of Kafka; `kafka/record-slices.ts` answers. */
export interface Records {
  bounds(): Promise<Bounds[] | null>;
  read(slices: readonly Bounds[], take: (partition: number, record: TopicRecord) => void): Promise<void>;
  close(): Promise<void>;
}
interface Bounds {
  partition: number;
  from: bigint;
  to: bigint;
}
interface TopicRecord {
  key: Buffer | null;
  value: Buffer | null;
  offset: string;
  timestamp: string;
}

export interface TableRowsOptions {
  topics: readonly string[];
  open(topic: string): Records;
}

export interface RowsQuery {
  /** `schema.table`, or the topic. */
  table: string;
  /** The most rows in the answer. */
  limit: number;
}

/** Records of a partition in the first piece. Each further piece has twice as many. */
const FIRST_PIECE = 2_000n;
/** After so many records, the answer is what was found until then. */
const MOST_RECORDS = 200_000;
/** Bytes of the records whose rows are held for one partition. */
const MOST_BYTES = 16 << 20;
const MOST_WAITING = 8;

/** Gives one answer after the other, because each holds in memory what it has read. */
export class TableRows {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly options: TableRowsOptions) {}

  get topics(): readonly string[] {
    return this.options.topics;
  }

  /** The text of a `RowsJson`. @throws BadRequest when the table is not one that is read, or has no key */
  answer(query: RowsQuery): Promise<string> {
    const topic = this.topicOf(query.table);
    if (this.waiting >= MOST_WAITING)
      throw new BadRequest(`${MOST_WAITING} others wait for /rows already; ask again later`);
    this.waiting++;
    const answer = this.last.then(() => this.read(topic, query.limit)).finally(() => this.waiting--);
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private topicOf(table: string): string {
    const { topics } = this.options;
    const topic = topics.find((name) => name === table) ?? topics.find((name) => name.endsWith(topicOf("", table)));
    if (topic !== undefined) return topic;
    throw new BadRequest(`table is "${table}"; allowed: a table of one of the topics ${topics.join(", ")}`);
  }

  private async read(topic: string, limit: number): Promise<string> {
    const records = this.options.open(topic);
    try {
      return rowsToJson(topic, await readBack(topic, limit, records));
    } catch (error) {
      if (error instanceof Keyless) throw new BadRequest(`${error.message}; its changes are at /changes`);
      throw error;
    } finally {
      await records.close();
    }
  }
}

/** One partition, which is read from its end back. */
interface Part {
  partition: number;
  /** Offset of the oldest record. */
  first: bigint;
  /** The partition is read from this offset on. */
  at: bigint;
  /** What is before `at`: records to read, nothing that counts, or rows that can no longer be known. */
  rest: "unread" | "nothing" | "untold";
  found: LatestRows;
  /** The `eventId` of the TRUNCATE that was found in it. */
  emptied: string | null;
}

interface Found {
  rows: LatestRow[];
  whole: boolean;
  records: number;
}

async function readBack(topic: string, limit: number, records: Records): Promise<Found> {
  const bounds = await records.bounds();
  if (bounds === null) throw new BadRequest(`there is no topic ${topic}`);
  const parts = bounds.map(({ partition, from, to }): Part => {
    const found = new LatestRows();
    return { partition, first: from, at: to, rest: to > from ? "unread" : atBeginning(from), found, emptied: null };
  });
  let read = 0;
  for (let size = FIRST_PIECE; read < MOST_RECORDS; size *= 2n) {
    const unread = parts.filter(({ rest }) => rest === "unread");
    if (unread.length === 0 || rowsOf(parts).length > limit) break;
    read += await readPieces(topic, unread, size, records);
  }
  const rows = rowsOf(parts).sort((a, b) => b.recordedAt - a.recordedAt);
  const whole = rows.length <= limit && parts.every(({ rest }) => rest === "nothing");
  return { rows: rows.slice(0, limit), whole, records: read };
}

/** Reads the next `size` records further back of each part. @returns how many there were */
async function readPieces(topic: string, parts: readonly Part[], size: bigint, records: Records): Promise<number> {
  const slices = parts.map(({ partition, first, at, found }) => ({
    ...{ partition, from: at - size > first ? at - size : first, to: at },
    piece: new Piece(MOST_BYTES, found),
  }));
  const pieces = new Map(slices.map(({ partition, piece }) => [partition, piece]));
  let read = 0;
  await records.read(slices, (partition, record) => {
    read++;
    const change = parseRecord(topic, partition, record);
    if (!isChange(change)) return;
    pieces.get(partition)!.add(change, Number(record.timestamp), record.value?.length ?? 0);
  });
  parts.forEach((part, index) => {
    const { from, piece } = slices[index]!;
    part.found.addOlder(piece);
    part.at = from;
    part.emptied ??= piece.emptied;
    if (piece.bottom === "truncated") part.rest = "nothing";
    else if (piece.bottom === "full") part.rest = "untold";
    else if (from === part.first) part.rest = atBeginning(from);
  });
  return read;
}

/** A topic that lacks its first records does not have all rows. */
function atBeginning(first: bigint): Part["rest"] {
  return first === 0n ? "nothing" : "untold";
}

function rowsOf(parts: readonly Part[]): LatestRow[] {
  return sinceEmptied(
    LatestRows.ofAll(parts.map(({ found }) => found)),
    parts.map(({ emptied }) => emptied),
  );
}

function rowsToJson(topic: string, { rows, whole, records }: Found): string {
  const items = rows.map(
    ({ key, row, unchanged, op, committedAtMicros, partition, offset }) =>
      `{"key":${valueToJson(key)},"row":${valueToJson(row)}` +
      (unchanged.length > 0 ? `,"unchanged":${JSON.stringify(unchanged)}` : "") +
      `,"op":"${op}","committedAt":${committedAtMicros === null ? "null" : `"${isoMicros(committedAtMicros)}"`}` +
      `,"partition":${partition},"offset":"${offset}"}`,
  );
  const rest: Omit<RowsJson, "rows"> = { topic, whole, records };
  return `{"rows":[${items.join(",")}],${JSON.stringify(rest).slice(1)}`;
}
