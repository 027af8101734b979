/** What a Kafka record tells: the types that handlers, the page and the log share. */
import type { Op } from "../api";
import type { Row } from "./row";

/** What the parser needs of a record; kafkajs's messages fit. */
export interface RawMessage {
  key: Buffer | null;
  value: Buffer | null;
  /** Decimal digits. */
  offset: string;
  /** Of a dead letter that was sent back: where the record was at first. */
  original?: Origin;
}

/** Where a record was. */
export interface Origin {
  topic: string;
  partition: number;
  offset: string;
}

/** Where a change is in the write-ahead log. */
export interface Position {
  /** Bytes from the log's start; null when the source does not say. */
  lsn: number | null;
  txId: number | null;
}

export interface ChangeOf<O extends Op, Before, After> extends Origin {
  op: O;
  /**
   * Names this change, also when it is delivered again or the connector reads it again. Compares as text: within a topic's partition
   * a later change has the greater one. A snapshot row's is of table, key and where the snapshot was taken. Null where the record
   * does not tell: rows of a snapshot that have no key, and records without Debezium's `source`.
   */
  eventId: string | null;
  /** `schema.table`; empty for messages. */
  table: string;
  key: Row | null;
  before: Before;
  after: After;
  /** Columns of an update whose value differs, of those in both rows; empty when `before` is not known. */
  changed: string[];
  /**
   * Columns that `after` lacks: large values that the update did not touch, which Postgres' log then does not have. Only when
   * there are some, which REPLICA IDENTITY FULL prevents. A create has them when its row's key was changed.
   */
  unchanged?: string[];
  position: Position | null;
  /** Commit time in µs since 1970; null for snapshot rows and where the record does not say. */
  committedAtMicros: number | null;
  /** `pg_logical_emit_message`: its prefix, and its content in base64. */
  message?: { prefix: string; content: string };
}

/**
 * Unless the table's REPLICA IDENTITY is FULL, `before` of a delete is the columns of the key alone, and of an update null or the
 * same.
 */
export type Change =
  | ChangeOf<"snapshot", null, Row>
  | ChangeOf<"create", null, Row>
  | ChangeOf<"update", Row | null, Row>
  | ChangeOf<"delete", Row | null, null>
  | ChangeOf<"truncate", null, null>
  | ChangeOf<"message", null, null>;

/** A null value: Kafka's mark that the key was deleted, for compaction. It follows the delete itself. */
export interface Tombstone extends Origin {
  op: "tombstone";
  key: Row | null;
}
/** Debezium's sign of life on a topic of its own, or a message that takes its place. */
export interface Heartbeat extends Origin {
  op: "heartbeat";
  /** What comes with it: JSON of captured tables that are no longer what was captured. */
  changedTables?: string;
  /** All rows were told again, as they were here or later in the log, in bytes from its beginning. */
  readAnew?: number;
  /** The connector has begun with a snapshot beside a slot that was read: no record tells what this part of the log did. */
  begunAnew?: LogSpan;
}
/** A part of the log, in bytes from its beginning. */
export interface LogSpan {
  from: number;
  to: number;
}
export interface Unreadable extends Origin {
  op: "unreadable";
  reason: string;
}
export type ChangeEvent = Change | Tombstone | Heartbeat | Unreadable;

/** Everything of a change but its id, key and origin. */
export type ChangeBody = Omit<ChangeOf<Op, Row | null, Row | null>, keyof Origin | "key" | "eventId">;

/** True for the events that are changes of data. */
export function isChange(event: ChangeEvent): event is Change {
  return event.op !== "tombstone" && event.op !== "heartbeat" && event.op !== "unreadable";
}
