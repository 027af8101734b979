import { type Change, type ChangeEvent, isChange } from "../../../consumer/change/change-event";
import { parseRecord } from "../../../consumer/change/parse-record";
import { TOPIC, record } from "../records";

/** The event of a record with this key and value. */
export const parse = (key: unknown, value: unknown, topic = TOPIC): ChangeEvent =>
  parseRecord(topic, 0, record(key, value));

export function parseChange(key: unknown, value: unknown, topic = TOPIC): Change {
  const event = parse(key, value, topic);
  if (!isChange(event)) throw new Error(`no change but ${JSON.stringify(event)}`);
  return event;
}

/** The reason for which the record cannot be read. */
export function reasonOf(key: unknown, value: unknown): string {
  const event = parse(key, value);
  return event.op === "unreadable" ? event.reason : `not unreadable but ${event.op}`;
}
