/**
 * Memory of records that wait. Each record is a part of the answer to a fetch, of up to 16 MB, and keeps all of it in memory. A table
 * that is stuck for an hour, with one record in each megabyte of other tables' records, would keep them all.
 */
import type { IHeaders } from "kafkajs";
import type { RawMessage } from "../../change/change-event";
import { FetchedRecord } from "../internals/fetched-record";

/** The records are copied only when the answer is larger than so many times their own bytes. */
const WORTH_A_COPY = 2;

/** Copies the records out of their answer where that saves memory. @returns the bytes of their keys and values */
export function holdRecords(messages: readonly RawMessage[]): number {
  const bytes = messages.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
  const [first] = messages;
  const answer = (first?.value ?? first?.key)?.buffer.byteLength ?? 0;
  if (answer > bytes * WORTH_A_COPY) messages.forEach(detach);
  return bytes;
}

function detach(message: RawMessage & { headers?: IHeaders }): void {
  if (message instanceof FetchedRecord) return message.detach();
  // A record that kafkajs decoded has its parts as fields.
  message.key &&= Buffer.from(message.key);
  message.value &&= Buffer.from(message.value);
  const { headers = {} } = message;
  for (const [name, value] of Object.entries(headers)) headers[name] = copyOf(value);
}

function copyOf(value: IHeaders[string]): IHeaders[string] {
  if (Array.isArray(value)) return value.map((one) => copyOf(one) as Buffer | string);
  return Buffer.isBuffer(value) ? Buffer.from(value) : value;
}
