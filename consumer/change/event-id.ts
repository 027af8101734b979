/** What names one event of the database's log, whenever and however often it is read. */
import type { Op } from "../api";
import type { Row } from "./row";
import { valueToJson } from "./value-json";

/** Digits of 64 bits in hexadecimal. */
const COMMIT_DIGITS = 16;
/** A transaction's events, twice. */
const EVENT_DIGITS = 12;
/** Of which most of a transaction's events differ in the last. */
const LAST_DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, "0"));

/** What an id begins with, up to those: the events of one transaction follow each other. */
let last = { commitLsn: "", thousands: 0, text: "" };

/**
 * `000000000019A3C8-000000000007`: the position of the transaction's commit, in hexadecimal, and the event's number in it. All ids
 * have one length but those of snapshot rows, which go on with table and key, so the order of the texts is the order of the commits.
 *
 * @param commitLsn digits of where the transaction's commit is in the log, `source.commit_lsn`; of a snapshot row where the snapshot was taken
 * @param serialNo the event's number in it, `source.event_serial_no`
 * @param keyText the key's JSON, where there is one to copy
 * @returns null where the record does not say it, and for a snapshot row without a key, which nothing tells from others
 */
export function eventIdOf(
  op: Op,
  commitLsn: string | undefined,
  serialNo: number | null,
  table: string,
  key: Row | null,
  keyText: string | null,
): string | null {
  if (commitLsn === undefined || serialNo === null) return null;
  // A key that changes makes two records of one event: the old key's delete comes first.
  const number = 2 * serialNo + (op === "delete" ? 0 : 1);
  const thousands = Math.floor(number / 1000);
  if (commitLsn !== last.commitLsn || thousands !== last.thousands) {
    const commit = Number(commitLsn).toString(16).toUpperCase().padStart(COMMIT_DIGITS, "0");
    last = { commitLsn, thousands, text: `${commit}-${String(thousands).padStart(EVENT_DIGITS - 3, "0")}` };
  }
  const place = last.text + LAST_DIGITS[number % 1000]!;
  if (op !== "snapshot") return place;
  return key === null ? null : `${place} ${table} ${keyText ?? valueToJson(key)}`;
}

/** Length of an id's part that tells its place. */
const PLACE_LENGTH = COMMIT_DIGITS + 1 + EVENT_DIGITS;

/** The place of an event in the order of all: as text it compares with others. Rows of one snapshot share it. */
export function placeOf(eventId: string): string {
  return eventId.slice(0, PLACE_LENGTH);
}

/** Whether the place, which a snapshot's row has, is that of a snapshot with which all begins, rather than of one beside the stream. */
export function isOfFirstSnapshot(place: string): boolean {
  return place.endsWith(NO_EVENT);
}

/** A snapshot from the beginning is behind no event: number 0 of what is no delete. */
const NO_EVENT = `-${"1".padStart(EVENT_DIGITS, "0")}`;
