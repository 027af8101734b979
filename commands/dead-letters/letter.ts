/** A dead letter, and what has become of it. */
import type { KafkaMessage } from "kafkajs";
import { topicOf } from "../../components/topic-names";
import { headerOf } from "../../consumer/kafka/letter-headers";
import { RETRY_OF } from "../../consumer/kafka/retry-topic";
import { cut } from "../../consumer/page/text";

/**
 * `waiting`: nobody has sent it back. `sent back`: the consumer has not come to it yet. `failed again`: it is another letter now.
 */
export type LetterState = "waiting" | "sent back" | "handled" | "failed again";

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
  /** It was too large for the topic. */
  valueOmitted: boolean;
  /** The letter that was sent back and became this one. */
  retryOf: string | undefined;
}

/** Where a letter stands. */
export interface Standing {
  letter: Letter;
  state: LetterState;
  /** The letter that it has become. */
  failedAs: string | undefined;
}

const LONGEST_KEY = 200;
const LONGEST_ERROR = 1000;

/** Pure: without the value, so that a list of many fits into memory. */
export function letterOf(record: Pick<KafkaMessage, "key" | "headers" | "timestamp" | "offset">): Letter {
  const { key, offset, timestamp, headers = {} } = record;
  const header = (name: string) => headerOf(headers, `dead-letter-${name}`);
  const [topic, partition, at] = [header("topic"), header("partition"), header("offset")];
  const isWhole = topic !== undefined && partition !== undefined && at !== undefined;
  return {
    number: offset,
    at: new Date(Number(timestamp)).toISOString(),
    origin: isWhole ? { topic, partition, offset: at } : undefined,
    group: header("group"),
    stage: header("stage") ?? "",
    error: cut(header("error") ?? "", LONGEST_ERROR),
    attempts: Number(header("attempts") ?? 0),
    key: key === null ? null : cut(key.toString(), LONGEST_KEY),
    valueOmitted: header("value-omitted") === "true",
    retryOf: headerOf(headers, RETRY_OF),
  };
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
