/**
 * What the consumer says over HTTP: the types shared by its server, its web page and the terminal watch.
 * Types and plain constants only, so that a browser bundle can import this file. `docs/consumer.md` describes the routes.
 */

/** What happened. The words of the log, the feed, the metrics and the filters. */
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
  /** Its place among all changes handled so far; starts again at 1 when the consumer restarts (see `epoch`). */
  id: number;
  op: Op;
  /**
   * Names this change, the same under redelivery and when the connector reads it again. Compares as text, within a topic's partition.
   * Null where the record does not tell.
   */
  eventId: string | null;
  /** `schema.table`; empty for `message`, which belongs to no table. */
  table: string;
  /** Primary key columns; null where the record has none (truncate, message, table without a key). */
  key: JsonRow | null;
  /**
   * The row before: null for snapshot, create, truncate, message. Of a table whose REPLICA IDENTITY is not FULL the columns of
   * the key alone, and null for an update that did not change them.
   */
  before: JsonRow | null;
  /** The row after: null for delete, truncate, message. */
  after: JsonRow | null;
  /**
   * Columns of an update whose value differs, in table order, of those in both rows; empty for other ops and when `before` is
   * not known.
   */
  changed: string[];
  /**
   * Only when there are some: columns that `after` lacks, since the update did not touch their large values and Postgres' log does
   * not have them then. REPLICA IDENTITY FULL prevents it.
   */
  unchanged?: string[];
  /** Milliseconds from the commit to the handler, µs resolution; null for snapshot rows, which have no commit. */
  lagMs: number | null;
  /** Commit time, ISO 8601 in UTC with µs; null for snapshot rows. */
  committedAt: string | null;
  /** Where in the write-ahead log; null when the record does not say (unwrapped records). */
  position: { lsn: string | null; txId: number | null } | null;
  topic: string;
  partition: number;
  /** Decimal digits; may exceed 2^53. */
  offset: string;
  /** Only for `message` (`pg_logical_emit_message`): its prefix and its content in base64. */
  message?: { prefix: string; content: string };
  /**
   * Only when this change was here before. `redelivered`: Kafka delivered the same offset again, after a restart or
   * rebalance. `repeated`: the connector wrote the same change to the topic again, after a restart of its own.
   */
  duplicate?: "redelivered" | "repeated";
  /** Only of a dead letter that was sent back: what came after it may have been handled before it. */
  retried?: true;
}

/** `GET /changes` */
export interface ChangesJson {
  /** Changes that match the filters, oldest first. */
  changes: ChangeJson[];
  /** Ids still held; both null while there is none. `newestId` is what to pass as `after` next. */
  oldestId: number | null;
  newestId: number | null;
  /** Changes handled since this consumer process started, whether still held or not. */
  total: number;
  /** Names one life of the consumer process. Ids of different epochs must not be compared. */
  epoch: string;
}

/** A row as `GET /rows` tells it. */
export interface LatestRowJson {
  key: JsonRow;
  /** Column name to value, as `after` of a change. */
  row: JsonRow;
  /** Only when there are some: columns that `row` lacks, see `ChangeJson.unchanged`. */
  unchanged?: string[];
  /** What its last record is. */
  op: Op;
  /** Of its last change; null for a row that was there before the capture. */
  committedAt: string | null;
  /** Its last record. */
  partition: number;
  /** Decimal digits. */
  offset: string;
}

/** `GET /rows?table=`: the table as its topic tells it, of each key what its last record says. */
export interface RowsJson {
  /** The row that changed last is the first. */
  rows: LatestRowJson[];
  topic: string;
  /** Whether these are all rows. False where there are more than asked for, or where the topic does not tell all. */
  whole: boolean;
  /** How many records were read for this answer, from the topic's end back. */
  records: number;
}

/** `GET /rows` without a table: whose rows can be asked for. */
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
  /** Changes that were here before, see `ChangeJson.duplicate`. They are in `total` as well. */
  duplicates: { redelivered: number; repeated: number };
  deadLetters: number;
  /**
   * Changes passed over for this client because it read too slowly, whether they match its filters or not.
   * They are in the counts above.
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
 * `waiting`: nobody has sent it back. `sent back`: the consumer has not come to it yet. `failed again`: it is another letter now.
 */
export type LetterState = "waiting" | "sent back" | "handled" | "failed again";

/** A record that could not be read or handled. */
export interface DeadLetterJson {
  /** Offset in the topic of dead letters. */
  number: number;
  state: LetterState;
  /** The letter that it has become; null: it has not failed again. */
  failedAs: number | null;
  /** The letter that was sent back and became this one. */
  retryOf: number | null;
  /** When it was given up on, ISO 8601. */
  at: string;
  /** Where the record was; all three are null where somebody else wrote it. `offset` is decimal digits. */
  topic: string | null;
  partition: number | null;
  offset: string | null;
  /** Consumer group that gave up. */
  group: string | null;
  /** `read`: it could not be parsed. `handle`: the handler failed at every attempt. */
  stage: string;
  error: string;
  attempts: number;
  /** As text, no more than the beginning; what is no text is base64 with that word before it. */
  key: string | null;
  value: string | null;
  /** There is no value: it was too large for the topic. */
  valueOmitted: boolean;
}

/** `GET /dead-letters` */
export interface DeadLettersJson {
  /** The newest 200, oldest first. */
  deadLetters: DeadLetterJson[];
  /** All of them. */
  total: number;
  /** Those of all that nobody has sent back. */
  waiting: number;
}

/** `POST /dead-letters/again` */
export interface SentBackJson {
  /** Number of the letter. */
  sent: number;
}

export type PartState = "up" | "warning" | "down" | "unknown";
/** One lamp of the strip; `detail` is a short sentence for people. */
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
   * Only where several consumers share the partitions: which of them this is, from 1 on, and each one's page in their order. Each has the
   * changes of its own partitions alone.
   */
  group?: { number: number; pages: string[] };
}

/** `GET /healthz`: 200 with status "ok", 503 with status "unavailable". */
export interface HealthJson {
  status: "ok" | "unavailable";
  /** Why it is not ok; "consuming" when it is. */
  reason: string;
  epoch: string;
  /** Topic-partitions this member reads, `topic/partition`. */
  partitions: string[];
  /** Only when there are some: sentences about captured tables whose topics do not tell all that they hold. */
  warnings?: readonly string[];
  /** Only when there are some: sentences about changes that the topics will never tell, with what mends it. */
  losses?: readonly string[];
}

/** Every 4xx and 5xx answer of the JSON routes. */
export interface ErrorJson {
  error: string;
}
