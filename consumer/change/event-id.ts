/** The id of an event of the database's log. It is the same each time that the event is read. */
import type { Op } from "../api";
import type { Row } from "./row";
import { valueToJson } from "./value-json";

/** So many hexadecimal digits have 64 bits. */
const COMMIT_DIGITS = 16;
/** Decimal digits of an event's number, which is twice its serial number in the transaction or one more. */
const EVENT_DIGITS = 12;
/** The last three of these digits as text. Most events of a transaction differ in these only. */
const LAST_DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, "0"));

/** The last id without these three digits. The next event is mostly of the same transaction, and its id begins in the same way. */
let last = { commitLsn: "", thousands: 0, text: "" };

/**
 * `000000000019A3C8-000000000007`: the position of the transaction's commit in the log, in hexadecimal, and the event's number in the
 * transaction. Both have a fixed number of digits, so the order of the ids as texts is the order of the commits. The id of a snapshot
 * row goes on with the table and the key.
 *
 * @param commitLsn decimal digits of `source.commit_lsn`: the position of the transaction's commit, or of the snapshot for a snapshot row
 * @param serialNo `source.event_serial_no`: the event's place in its transaction
 * @param keyText the key's JSON, where there is one to copy
 * @returns null for a record without these fields, and for a snapshot row without a key, which cannot be told from other rows
 */
export function eventIdOf(
  op: Op,
  commitLsn: string | undefined,
  serialNo: number | null,
  table: string,
  key: Row | null,
  keyText: string | null,
): string | null {
  const place = eventPlace(op, commitLsn, serialNo);
  if (place === null || op !== "snapshot") return place;
  return key === null ? null : `${place} ${table} ${keyText ?? valueToJson(key)}`;
}

/** The place of a snapshot row that has no key, and so no id: that of its snapshot. Undefined for all else. */
export function keylessPlace(
  op: Op,
  eventId: string | null,
  commitLsn: string | undefined,
  serialNo: number | null,
): string | undefined {
  return op === "snapshot" && eventId === null ? (eventPlace(op, commitLsn, serialNo) ?? undefined) : undefined;
}

function eventPlace(op: Op, commitLsn: string | undefined, serialNo: number | null): string | null {
  if (commitLsn === undefined || serialNo === null) return null;
  // An update that changes the key becomes two records with one serial number. The delete of the old key comes first.
  const number = 2 * serialNo + (op === "delete" ? 0 : 1);
  const thousands = Math.floor(number / 1000);
  if (commitLsn !== last.commitLsn || thousands !== last.thousands) {
    const commit = Number(commitLsn).toString(16).toUpperCase().padStart(COMMIT_DIGITS, "0");
    last = { commitLsn, thousands, text: `${commit}-${String(thousands).padStart(EVENT_DIGITS - 3, "0")}` };
  }
  return last.text + LAST_DIGITS[number % 1000]!;
}

/** Length of the part of an id that is the event's place. */
const PLACE_LENGTH = COMMIT_DIGITS + 1 + EVENT_DIGITS;

/** The event's place in the order of all events. Places are compared as texts. The rows of one snapshot have the same place. */
export function placeOf(eventId: string): string {
  return eventId.slice(0, PLACE_LENGTH);
}

/** Whether a snapshot row with this place is of the connector's first snapshot, and not of one that was taken beside the stream. */
export function isOfFirstSnapshot(place: string): boolean {
  return place.endsWith(NO_EVENT);
}

/** The end of such a place: no event came before the first snapshot, so the serial number is 0, and a row of it is no delete. */
const NO_EVENT = `-${"1".padStart(EVENT_DIGITS, "0")}`;
