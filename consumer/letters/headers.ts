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
