/** The topics of dead letters and of those sent back. */
import { type Admin, Kafka, type KafkaMessage, logLevel, Partitioners } from "kafkajs";
import { headerOf } from "../../consumer/kafka/letter-headers";
import { RETRY_OF, retryOf } from "../../consumer/kafka/retry-topic";
import { withBroker } from "../look/broker";
import { readSpans, type Span, spansOf } from "../verify/read-topics";
import { type Letter, letterOf, type Standing, standingsOf } from "./letter";

export const ASK_MS = 5_000;

/** Where dead letters are, and who takes them back. */
export interface Place {
  /** The broker as seen from this machine. */
  server: string;
  group: string;
  deadLetterTopic: string;
  /** Undefined: the consumer reads none. */
  retryTopic: string | undefined;
}

/** All of them, in their order. */
export async function readStandings(place: Place): Promise<Standing[]> {
  const { server, group, deadLetterTopic, retryTopic } = place;
  const { spans, handledUpTo } = await withBroker(server, ASK_MS, async (admin) => {
    // Asked first: what fails again is a dead letter before it is committed.
    const handledUpTo = await committed(admin, group, retryTopic);
    const letters = await letterSpans(admin, deadLetterTopic);
    const there = retryTopic !== undefined && (await admin.listTopics()).includes(retryTopic);
    return { spans: [...letters, ...(there ? await spansOf(admin, [retryTopic]) : [])], handledUpTo };
  });
  const letters: Letter[] = [];
  const sent = new Map<string, bigint>();
  await readSpans(server, spans, (topic, record) => {
    if (topic === deadLetterTopic) letters.push(letterOf(record));
    const number = topic === retryTopic ? headerOf(record.headers ?? {}, RETRY_OF) : undefined;
    if (number !== undefined) sent.set(number, BigInt(record.offset));
  });
  return standingsOf(letters, sent, handledUpTo);
}

/** A letter whole. @throws when there is none of that number */
export async function readLetter({ server, deadLetterTopic }: Place, number: string): Promise<KafkaMessage> {
  let found: KafkaMessage | undefined;
  const spans = await withBroker(server, ASK_MS, (admin) => letterSpans(admin, deadLetterTopic));
  await readSpans(server, upTo(spans, number), (_topic, record) => {
    if (record.offset === number) found = record;
  });
  if (found === undefined) throw new Error(`There is no dead letter ${number}. \`npm run dead-letters\` lists them.`);
  return found;
}

/** What goes to the broker at once; a larger letter goes alone. */
const ENOUGH_BYTES = 256 * 1024;

/**
 * Sends letters back, in their order. One that is on the retry topic is sent: where this fails half-way the next list tells which are.
 *
 * @param numbers of letters, ascending
 */
export async function sendBack(
  { server, deadLetterTopic }: Place,
  retryTopic: string,
  numbers: readonly string[],
): Promise<void> {
  const wanted = new Set(numbers);
  const spans = await withBroker(server, ASK_MS, (admin) => letterSpans(admin, deadLetterTopic));
  const kafka = new Kafka({ clientId: "cdc-dead-letters", brokers: [server], logLevel: logLevel.NOTHING });
  // Trying again could send one twice.
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    maxInFlightRequests: 1,
    retry: { retries: 0 },
  });
  let waiting: KafkaMessage[] = [];
  let bytes = 0;
  const send = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const messages = waiting.map((letter) => ({ ...retryOf(letter, letter.offset), partition: 0 }));
    [waiting, bytes] = [[], 0];
    await producer.send({ topic: retryTopic, acks: -1, messages });
  };
  await producer.connect();
  try {
    await readSpans(server, upTo(spans, numbers.at(-1)!), async (_topic, letter) => {
      if (!wanted.has(letter.offset)) return;
      const size = sizeOf(letter);
      if (bytes + size > ENOUGH_BYTES) await send();
      waiting.push(letter);
      bytes += size;
    });
    await send();
  } finally {
    await producer.disconnect();
  }
}

function sizeOf({ key, value, headers }: KafkaMessage): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + JSON.stringify(headers ?? {}).length;
}

/** @throws when a number would not tell one letter */
async function letterSpans(admin: Admin, topic: string): Promise<Span[]> {
  const spans = (await admin.listTopics()).includes(topic) ? await spansOf(admin, [topic]) : [];
  if (spans.length > 1) {
    throw new Error(
      `${topic} has ${spans.length} partitions; this command numbers the letters of one, as the stack makes it. ` +
        "Somebody has added partitions; a client of Kafka's own reads them.",
    );
  }
  return spans;
}

/** As far as one record. */
function upTo(spans: readonly Span[], number: string): Span[] {
  const behind = BigInt(number) + 1n;
  return spans.map((span) => (behind < span.high ? { ...span, high: behind } : span));
}

async function committed(admin: Admin, groupId: string, topic: string | undefined): Promise<bigint> {
  if (topic === undefined) return 0n;
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return BigInt(found?.partitions[0]?.offset ?? "-1");
}
