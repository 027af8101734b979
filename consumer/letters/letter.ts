/** A dead letter, and what has become of it. */
import { isUtf8 } from "node:buffer";
import { topicOf } from "../../components/names/topic-names";
import type { DeadLetterJson, LetterState } from "../api";
import { headerOf, type LetterHeaders, RETRY_OF } from "./headers";

/** What is read of a record. */
export interface LetterRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers?: LetterHeaders;
  /** Milliseconds since 1970, decimal digits. */
  timestamp: string;
  offset: string;
}

export interface Letter {
  /** Offset in the topic of dead letters. */
  number: string;
  /** When it was given up on, ISO 8601. */
  at: string;
  /** Where the record was; undefined: the headers that say so are missing, somebody else wrote it. */
  origin: { topic: string; partition: string; offset: string } | undefined;
  /** Consumer group that gave up. */
  group: string | undefined;
  stage: string;
  error: string;
  attempts: number;
  /** As text, and no more than its beginning. */
  key: string | null;
  value: string | null;
  /** It was too large for the topic. */
  valueOmitted: boolean;
  /** The letter that was sent back and became this one. */
  retryOf: string | undefined;
  /** Of all that the record is. */
  bytes: number;
}

/** Where a letter stands. */
export interface Standing {
  letter: Letter;
  state: LetterState;
  /** The letter that it has become. */
  failedAs: string | undefined;
}

const LONGEST_KEY = 200;
const LONGEST_TEXT = 1000;

/** Pure: of large parts the beginning, so that a list of many fits into memory. */
export function letterOf(record: LetterRecord): Letter {
  const { key, value, offset, timestamp, headers = {} } = record;
  const header = (name: string) => headerOf(headers, `dead-letter-${name}`);
  const [topic, partition, at] = [header("topic"), header("partition"), header("offset")];
  const isWhole = topic !== undefined && partition !== undefined && at !== undefined;
  return {
    number: offset,
    at: new Date(Number(timestamp)).toISOString(),
    origin: isWhole ? { topic, partition, offset: at } : undefined,
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

/** Bytes that are no text are base64, with a word before it. */
export function textOf(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  return isUtf8(bytes) ? bytes.toString() : `base64 ${bytes.toString("base64")}`;
}

/** A copy: a part of the text would keep all of it. */
function beginningOf(bytes: Buffer | null, chars: number): string | null {
  const text = textOf(bytes);
  return text === null || text.length <= chars ? text : `${Buffer.from(text.slice(0, chars)).toString()}…`;
}

/**
 * Pure.
 *
 * @param sent by a letter's number, its offset in the retry topic
 * @param handledUpTo the first offset there that the consumer has not done with
 */
export function standingsOf(
  letters: readonly Letter[],
  sent: ReadonlyMap<string, bigint>,
  handledUpTo: bigint,
): Standing[] {
  const failures = new Map(letters.flatMap((letter) => (letter.retryOf ? [[letter.retryOf, letter.number]] : [])));
  return letters.map((letter) => {
    const failedAs = failures.get(letter.number);
    const at = sent.get(letter.number);
    const done = at !== undefined && at < handledUpTo ? "handled" : "sent back";
    const state = failedAs !== undefined ? "failed again" : at === undefined ? "waiting" : done;
    return { letter, state, failedAs };
  });
}

/** Pure: whether a letter is of one of some tables, whose topics' prefix holds no dot; of all when none is named. */
export function isOf({ origin }: Letter, tables: readonly string[]): boolean {
  if (tables.length === 0) return true;
  if (origin === undefined) return false;
  const prefix = origin.topic.slice(0, origin.topic.indexOf("."));
  return tables.some((table) => topicOf(prefix, table) === origin.topic);
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
