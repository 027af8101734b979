/** A dead letter, and what has become of it. */
import { isUtf8 } from "node:buffer";
import { topicOf } from "../../components/names/topic-names";
import type { DeadLetterJson, LetterState } from "../api";
import { headerOf, type LetterHeaders, RETRY_OF } from "./headers";

/** The fields of a record that are read. */
export interface LetterRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers?: LetterHeaders;
  /** Milliseconds since 1970, decimal digits. */
  timestamp: string;
  offset: string;
}

interface LetterOrigin {
  topic: string;
  partition: string;
  offset: string;
  /** The record's own time, milliseconds since 1970. Letters and marks of 0.1.0 have none. */
  timestamp?: string;
}

export interface Letter {
  /** Offset in the topic of dead letters. */
  number: string;
  /** When the consumer gave up on the record, ISO 8601. */
  at: string;
  /** Where the record was; undefined when the headers for it are missing, because another program wrote the letter. */
  origin: LetterOrigin | undefined;
  /** Consumer group that gave up. */
  group: string | undefined;
  stage: string;
  error: string;
  attempts: number;
  /** The beginning of the key, as text. */
  key: string | null;
  value: string | null;
  /** Whether the value is missing because it was too large for the topic. */
  valueOmitted: boolean;
  /** The letter that was sent back and became this one. */
  retryOf: string | undefined;
  /** Bytes of the whole record. */
  bytes: number;
}

/** A letter and what has become of it. */
export interface Standing {
  letter: Letter;
  state: LetterState;
  /** Number of the letter that it became when it failed again. */
  failedAs: string | undefined;
}

const LONGEST_KEY = 200;
const LONGEST_TEXT = 1000;

/** Pure: the letter of a record. It has only the beginning of large parts, so that a list of many fits into memory. */
export function letterOf(record: LetterRecord): Letter {
  const { key, value, offset, timestamp, headers = {} } = record;
  const header = (name: string) => headerOf(headers, `dead-letter-${name}`);
  return {
    number: offset,
    at: new Date(Number(timestamp)).toISOString(),
    origin: originOf(headers),
    group: header("group"),
    stage: header("stage") ?? "",
    error: (header("error") ?? "").slice(0, LONGEST_TEXT),
    attempts: Number(header("attempts") ?? 0),
    key: beginningOf(key, LONGEST_KEY),
    value: beginningOf(value, LONGEST_TEXT),
    valueOmitted: header("value-omitted") === "true",
    retryOf: headerOf(headers, RETRY_OF),
    bytes: (key?.length ?? 0) + (value?.length ?? 0) + JSON.stringify(headers).length,
  };
}

function originOf(headers: LetterHeaders): LetterOrigin | undefined {
  const [topic, partition, offset] = ["topic", "partition", "offset"].map((name) =>
    headerOf(headers, `dead-letter-${name}`),
  );
  return topic === undefined || partition === undefined || offset === undefined
    ? undefined
    : { topic, partition, offset, timestamp: headerOf(headers, "dead-letter-timestamp") };
}

/** A letter that was sent back, as the record of the retry topic names it. */
export interface Mark {
  number: string;
  origin: LetterOrigin | undefined;
}

/** Pure: undefined for a record that is none, as somebody else has written it. */
export function markOf(headers: LetterHeaders): Mark | undefined {
  const number = headerOf(headers, RETRY_OF);
  return number !== undefined && /^\d{1,18}$/.test(number) ? { number, origin: originOf(headers) } : undefined;
}

/**
 * Pure: the same text for a letter and its mark. The number alone is not enough: in a topic that was made again numbers begin anew. Where the
 * topics of the records were made again too, their places may also be the same, and only the records' times differ.
 */
export function markText({ number, origin }: Mark): string {
  if (origin === undefined) return number;
  const { topic, partition, offset, timestamp = "" } = origin;
  return `${number} ${topic}/${partition}/${offset} ${timestamp}`;
}

/** Bytes as text. Bytes that are no text become base64, with `base64` before it. */
export function textOf(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  return isUtf8(bytes) ? bytes.toString() : `base64 ${bytes.toString("base64")}`;
}

/** The first characters, as a copy: a part of a long text would keep all of it in memory. */
function beginningOf(bytes: Buffer | null, chars: number): string | null {
  const text = textOf(bytes);
  return text === null || text.length <= chars ? text : `${Buffer.from(text.slice(0, chars)).toString()}…`;
}

/**
 * Pure.
 *
 * @param sent offsets in the retry topic by the letters' marks as text
 * @param handledUpTo the first offset in the retry topic that the consumer is not done with
 */
export function standingsOf(
  letters: readonly Letter[],
  sent: ReadonlyMap<string, bigint>,
  handledUpTo: bigint,
): Standing[] {
  const failures = new Map(
    letters.flatMap(({ number, retryOf = "", origin }) =>
      // What was sent back from a topic before this one may have failed again as a letter with any number.
      /^\d{1,18}$/.test(retryOf) && BigInt(retryOf) < BigInt(number)
        ? [[markText({ number: retryOf, origin }), number]]
        : [],
    ),
  );
  return letters.map((letter) => {
    const mark = markText(letter);
    const failedAs = failures.get(mark);
    const at = sent.get(mark);
    const done = at !== undefined && at < handledUpTo ? "handled" : "sent back";
    const state = failedAs !== undefined ? "failed again" : at === undefined ? "waiting" : done;
    return { letter, state, failedAs };
  });
}

/** Pure: whether a letter is of one of these tables, whose topics' prefix has no dot, or of such a topic without a prefix. True when no table is named. */
export function isOf({ origin }: Letter, tables: readonly string[]): boolean {
  if (tables.length === 0) return true;
  if (origin === undefined) return false;
  const { topic } = origin;
  const prefix = topic.slice(0, topic.indexOf("."));
  return tables.some((table) => topicOf(prefix, table) === topic || (!topic.includes(".") && topic === table));
}

/** Pure. */
export function letterJson({ letter, state, failedAs }: Standing): DeadLetterJson {
  const { number, at, origin, group, stage, error, attempts, key, value, valueOmitted, retryOf } = letter;
  return {
    ...{ number: Number(number), state, at },
    failedAs: failedAs === undefined ? null : Number(failedAs),
    retryOf: retryOf === undefined ? null : Number(retryOf),
    topic: origin?.topic ?? null,
    partition: origin === undefined ? null : Number(origin.partition),
    offset: origin?.offset ?? null,
    group: group ?? null,
    ...{ stage, error, attempts, key, value, valueOmitted },
  };
}
