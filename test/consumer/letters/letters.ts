import type { LetterRecord } from "../../../consumer/letters/letter";

/** A dead letter as the broker returns it. */
export function record(number: number, headers: Record<string, string | undefined> = {}): LetterRecord {
  const all = {
    "dead-letter-topic": "cdctest.public.orders",
    "dead-letter-partition": "0",
    "dead-letter-offset": String(40 + number),
    "dead-letter-timestamp": "1767225600123",
    "dead-letter-group": "cdc-consumer",
    "dead-letter-stage": "handle",
    "dead-letter-attempts": "5",
    "dead-letter-error": "no such customer",
    ...headers,
  };
  const present = Object.entries(all).filter(([, text]) => text !== undefined);
  return {
    key: Buffer.from(`{"id":${number}}`),
    value: Buffer.from(`{"op":"c","after":{"id":${number}}}`),
    headers: Object.fromEntries(present.map(([name, text]) => [name, Buffer.from(text!)])),
    timestamp: "1767225605000",
    offset: String(number),
  };
}
