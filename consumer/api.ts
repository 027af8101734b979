/**
 * The consumer's HTTP answers: the types shared by its server, its web page and the terminal watch.
 * Types and plain constants only, so that a browser bundle can import this file. `docs/consumer.md` describes the routes.
 */

/** Kinds of changes, as log, feed, metrics and filters name them. */
export const OPS = ["snapshot", "create", "update", "delete", "truncate", "message"] as const;
export type Op = (typeof OPS)[number];

/**
 * One column's value as Debezium's JSON carries it. An integer beyond ±2^53 is a string of digits here,
 * because a reader's JSON parser would silently round the number.
 */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };

/** Column name to value. */
export type JsonRow = { [column: string]: JsonValue };

/** One change, as a log line, an item of `/changes` or of an `/events` batch. */
export interface ChangeJson {
  /** Number of the change among all that this consumer process handled, from 1 on; see `epoch`. */
  id: number;
  op: Op;
  /**
   * Identifies the change: the same when Kafka redelivers it and when the connector reads it again. Within a topic's partition a later
   * change has the greater text. Null for snapshot rows without a key, and for records without Debezium's `source`.
   */
  eventId: string | null;
  /** `schema.table`; empty for `message`, which belongs to no table. */
  table: string;
  /** Primary key columns; null where the record has none (truncate, message, table without a key). */
  key: JsonRow | null;
  /**
   * The row before: null for snapshot, create, truncate, message. Where the table's REPLICA IDENTITY is not FULL, it has only the columns of
   * the key, and is null for an update that did not change them.
   */
  before: JsonRow | null;
  /** The row after: null for delete, truncate, message. */
  after: JsonRow | null;
  /**
   * Columns whose value an update changed, in table order, as far as both rows have them. Empty for other ops and when `before` is
   * not known.
   */
  changed: string[];
  /**
   * Columns that `after` lacks; missing where there are none. Postgres' log lacks large values that an update did not touch, unless
   * REPLICA IDENTITY is FULL.
   */
  unchanged?: string[];
  /** Milliseconds from the commit to the handler, µs resolution; null for snapshot rows, which have no commit. */
  lagMs: number | null;
  /** Commit time, ISO 8601 in UTC with µs; null for snapshot rows. */
  committedAt: string | null;
  /** Position in the write-ahead log; null when the record has none (unwrapped records). */
  position: { lsn: string | null; txId: number | null } | null;
  topic: string;
  partition: number;
  /** Decimal digits; may exceed 2^53. */
  offset: string;
  /** Only for `message` (`pg_logical_emit_message`): its prefix, and its content as `binary.handling.mode` writes bytes: base64, and hex digits with hex. */
  message?: { prefix: string; content: string };
  /**
   * Only when the consumer has handled this change before. `redelivered`: Kafka delivered the same offset again, after a restart or
   * rebalance of the consumer. `repeated`: the connector wrote the change to the topic again, after a restart of its own.
   */
  duplicate?: "redelivered" | "repeated";
  /** Only for a dead letter that was sent back: later changes may have been handled before it. */
  retried?: true;
}

/** `GET /changes` */
export interface ChangesJson {
  /** Changes that match the filters, oldest first. */
  changes: ChangeJson[];
  /** Ids of the changes still held; both null while there is none. Pass `newestId` as `after` of the next request. */
  oldestId: number | null;
  newestId: number | null;
  /** Changes handled since this consumer process started, whether still held or not. */
  total: number;
  /** Names one life of the consumer process. Ids of different epochs must not be compared. */
  epoch: string;
}

/** A row in the answer of `GET /rows`. */
export interface LatestRowJson {
  key: JsonRow;
  /** Column name to value, as `after` of a change. */
  row: JsonRow;
  /** Only when there are some: columns that `row` lacks, see `ChangeJson.unchanged`. */
  unchanged?: string[];
  /** Op of the row's last record. */
  op: Op;
  /** Commit time of the row's last change; null for a row that was there before the capture. */
  committedAt: string | null;
  /** Partition of the row's last record. */
  partition: number;
  /** Decimal digits. */
  offset: string;
}

/** `GET /rows?table=`: the table's rows, each by the last record of its key in the topic. */
export interface RowsJson {
  /** The row that changed last comes first. */
  rows: LatestRowJson[];
  topic: string;
  /** Whether these are all rows. False where there are more than were asked for, or where the topic does not have all. */
  whole: boolean;
  /** How many records were read for this answer, from the topic's end back. */
  records: number;
}

/** `GET /rows` without a table: the tables whose rows can be asked for. */
export interface RowTopicsJson {
  topics: string[];
}

/** Data of the SSE event `totals`. */
export interface TotalsJson {
  epoch: string;
  /** Changes since the process started. Never sampled. */
  total: number;
  /** Table, then op, to count. Messages are under the table "". */
  tables: { [table: string]: { [op in Op]?: number } };
  /** Changes per second over the last second. */
  ratePerSecond: number;
  /** Commit-to-handler milliseconds of the changes of the last second; null when there was none with a commit time. */
  lagMs: { p50: number; p99: number; max: number } | null;
  /** Changes that were handled before, see `ChangeJson.duplicate`. `total` counts them too. */
  duplicates: { redelivered: number; repeated: number };
  deadLetters: number;
  /**
   * Changes that were not sent because this client read too slowly, whether they match its filters or not.
   * The counts above have them.
   */
  sampled: number;
}

/** Data of the SSE event `gap`: some changes cannot be sent on this connection. */
export interface GapJson {
  /**
   * `evicted`: the client asks for changes that are no longer held.
   * `restarted`: the client's last id is from an earlier life of the consumer; everything held follows.
   * `slow`: the client reads too slowly, so some were left out of the view.
   */
  reason: "evicted" | "restarted" | "slow";
  /** How many; null when it cannot be known (`restarted`). */
  missed: number | null;
}

/**
 * `waiting`: nobody has sent the letter back. `sent back`: the consumer has not handled it yet. `failed again`: it became another letter.
 */
export type LetterState = "waiting" | "sent back" | "handled" | "failed again";

/** A record that could not be read or handled. */
export interface DeadLetterJson {
  /** Offset in the topic of dead letters. */
  number: number;
  state: LetterState;
  /** Number of the letter that this one became when it failed again; null: it has not. */
  failedAs: number | null;
  /** Number of the letter that was sent back and became this one. */
  retryOf: number | null;
  /** When the consumer gave the record up, ISO 8601. */
  at: string;
  /** The record's topic, partition and offset (decimal digits); all three are null where another program wrote the letter. */
  topic: string | null;
  partition: number | null;
  offset: string | null;
  /** Consumer group that gave up. */
  group: string | null;
  /** `read`: it could not be parsed. `handle`: the handler failed at every attempt. */
  stage: string;
  error: string;
  attempts: number;
  /** The beginning, as text. What is no text is base64, with `base64` before it. */
  key: string | null;
  value: string | null;
  /** The letter lacks the value, which was too large for the topic. */
  valueOmitted: boolean;
}

/** `GET /dead-letters` */
export interface DeadLettersJson {
  /** The newest 200, oldest first. */
  deadLetters: DeadLetterJson[];
  /** All of them. */
  total: number;
  /** The letters that nobody has sent back. */
  waiting: number;
}

/** `POST /dead-letters/again` */
export interface SentBackJson {
  /** Number of the letter. */
  sent: number;
}

export type PartState = "up" | "warning" | "down" | "unknown";
/** State of one part of the pipeline, as the page's strip shows it; `detail` is a short sentence for people. */
export interface PartStatus {
  state: PartState;
  detail: string;
}

/** `GET /status` */
export interface StatusJson {
  database: PartStatus;
  connector: PartStatus;
  broker: PartStatus;
  consumer: PartStatus;
  /**
   * Only where several consumers share the partitions: the number of this one, from 1 on, and the pages of all, in order of their numbers.
   * Each has only the changes of its own partitions.
   */
  group?: { number: number; pages: string[] };
}

/** `GET /healthz`: 200 with status "ok", 503 with status "unavailable". */
export interface HealthJson {
  status: "ok" | "unavailable";
  /** Why the status is not "ok"; "consuming" when it is. */
  reason: string;
  epoch: string;
  /** Topic-partitions this member reads, `topic/partition`. */
  partitions: string[];
  /** Sentences about captured tables whose topics lack rows or changes; missing where there are none. */
  warnings?: readonly string[];
  /** Sentences about changes that the topics will never have, with the remedy; missing where there are none. */
  losses?: readonly string[];
}

/** Every 4xx and 5xx answer of the JSON routes. */
export interface ErrorJson {
  error: string;
}
