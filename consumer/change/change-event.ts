/** The events that the parser makes of Kafka records: the types that handlers, the page and the log share. */
import type { Op } from "../api";
import type { Row } from "./row";

/** What the parser needs of a record; kafkajs's messages fit. */
export interface RawMessage {
  key: Buffer | null;
  value: Buffer | null;
  /** Decimal digits. */
  offset: string;
  /** For a dead letter that was sent back: where the record was at first. */
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
   * Identifies the change: the same when Kafka redelivers it and when the connector reads it again. Within a topic's partition a later
   * change has the greater text. A snapshot row's is made of the snapshot's position, table and key. Null for snapshot rows without
   * a key, and for records without Debezium's `source`.
   */
  eventId: string | null;
  /** Only of a snapshot row without a key: the snapshot's place in the log. All its rows share it, so it is no id. */
  snapshotPlace?: string;
  /** `schema.table`; empty for messages. */
  table: string;
  key: Row | null;
  before: Before;
  after: After;
  /** Columns whose value an update changed, as far as both rows have them; empty when `before` is not known. */
  changed: string[];
  /**
   * Columns that `after` lacks; missing where there are none. Postgres' log lacks large values that an update did not touch, unless
   * REPLICA IDENTITY is FULL. A create has such columns when an update changed the row's key.
   */
  unchanged?: string[];
  position: Position | null;
  /** Commit time in µs since 1970; null for snapshot rows and where the record does not say. */
  committedAtMicros: number | null;
  /** `pg_logical_emit_message`: its prefix, and its content as `binary.handling.mode` writes bytes: base64, and hex digits with hex. */
  message?: { prefix: string; content: string };
}

/**
 * A change of data. Unless the table's REPLICA IDENTITY is FULL, `before` of a delete has only the columns of the key, and `before` of an
 * update has only these or is null.
 */
export type Change =
  | ChangeOf<"snapshot", null, Row>
  | ChangeOf<"create", null, Row>
  | ChangeOf<"update", Row | null, Row>
  | ChangeOf<"delete", Row | null, null>
  | ChangeOf<"truncate", null, null>
  | ChangeOf<"message", null, null>;

/** A record without a value, which marks the key as deleted for Kafka's compaction. It follows the delete. */
export interface Tombstone extends Origin {
  op: "tombstone";
  key: Row | null;
}
/** Debezium's heartbeat on a topic of its own, or one of this project's messages in the log, which no handler gets. */
export interface Heartbeat extends Origin {
  op: "heartbeat";
  /** The replication slot of the connector that a message is about. Every connector of the database reads it. */
  slot?: string;
  /** JSON list of the captured tables that are no longer as they were captured. */
  changedTables?: string;
  /** All rows were read again, as of this position or a later one, in bytes from the log's beginning. */
  readAnew?: number;
  /** The part of the log whose changes no record has, since the connector began with a snapshot behind it, and whether rows were deleted in it. */
  begunAnew?: LogSpan & { deleted: boolean };
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
