/** Headers of a record as they come from the broker. */
export type LetterHeaders = { [name: string]: Buffer | string | null | undefined | (Buffer | string | null)[] };

/** Number of the dead letter that was sent back: its offset in the topic of dead letters. */
export const RETRY_OF = "dead-letter-retry-of";

/** The text of a header. With several of one name, the last one counts. */
export function headerOf(headers: LetterHeaders, name: string): string | undefined {
  const value = headers[name];
  const one = Array.isArray(value) ? value.at(-1) : value;
  return one === null || one === undefined ? undefined : one.toString();
}

/** The headers as a producer of kafkajs takes them. It fails at a header without a value, so that one gets an empty value. */
export function writable(headers: LetterHeaders = {}): { [name: string]: Written | Written[] } {
  const one = (value: Buffer | string | null | undefined): Written => value ?? "";
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(one) : one(value)]),
  );
}

type Written = Buffer | string;
