/**
 * Records that wait. Each is a part of the answer to a fetch, up to 16 MB, and keeps all of it in memory: a table that is stuck
 * for an hour, of which one record came with each megabyte of the others, would keep them all.
 */
import type { IHeaders } from "kafkajs";
import type { RawMessage } from "../../change/change-event";
import { FetchedRecord } from "../internals/fetched-record";

/** An answer that is not larger than so many times its part is kept as it is. */
const WORTH_A_COPY = 2;

/** @returns their bytes, as far as keys and values go */
export function holdRecords(messages: readonly RawMessage[]): number {
  const bytes = messages.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
  const [first] = messages;
  const answer = (first?.value ?? first?.key)?.buffer.byteLength ?? 0;
  if (answer > bytes * WORTH_A_COPY) messages.forEach(detach);
  return bytes;
}

function detach(message: RawMessage & { headers?: IHeaders }): void {
  if (message instanceof FetchedRecord) return message.detach();
  // One that kafkajs decoded has its parts as fields.
  message.key &&= Buffer.from(message.key);
  message.value &&= Buffer.from(message.value);
  const { headers = {} } = message;
  for (const [name, value] of Object.entries(headers)) headers[name] = copyOf(value);
}

function copyOf(value: IHeaders[string]): IHeaders[string] {
  if (Array.isArray(value)) return value.map((one) => copyOf(one) as Buffer | string);
  return Buffer.isBuffer(value) ? Buffer.from(value) : value;
}
