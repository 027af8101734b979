/** Records that could not be handled, kept whole on a topic of their own with headers that say where they came from. */
import { Kafka, type KafkaConfig, type Message, Partitioners, type Producer } from "kafkajs";
import type { Origin, RawMessage } from "../../change/change-event";
import type { DeadLetters, RecordFailure } from "../../delivery/dead-letter";
import { type LetterHeaders, writable } from "../../letters/headers";
import { errorText, type Log, stackOf } from "../../log";
import { kafkaLogs } from "../kafka-log";

/** The record's key and value unchanged. Headers of the record stay, one without a value as an empty one; ours begin with `dead-letter-`. */
export function deadLetter(
  origin: Origin,
  message: RawMessage & { headers?: LetterHeaders; timestamp?: string },
  failure: RecordFailure,
  groupId: string,
): Message {
  const { error } = failure;
  const stack = stackOf(error);
  return {
    key: message.key,
    value: message.value,
    headers: {
      ...writable(message.headers),
      "dead-letter-topic": origin.topic,
      "dead-letter-partition": String(origin.partition),
      "dead-letter-offset": origin.offset,
      "dead-letter-timestamp": message.timestamp ?? "",
      "dead-letter-group": groupId,
      "dead-letter-stage": failure.stage,
      "dead-letter-attempts": String(failure.attempts),
      "dead-letter-error": errorText(error),
      ...(stack !== undefined && { "dead-letter-stack": stack }),
    },
  };
}

/** The producer is connected at the first dead letter: most streams never have one. */
export function createDeadLetters(topic: string, groupId: string, createProducer: () => Producer): DeadLetters {
  let connected: Promise<Producer> | undefined;
  const connect = async () => {
    const producer = createProducer();
    await producer.connect();
    return producer;
  };
  return {
    topic,
    async send(origin, message, failure) {
      connected ??= connect();
      try {
        const producer = await connected;
        const whole = deadLetter(origin, message, failure, groupId);
        try {
          await producer.send({ topic, acks: -1, messages: [whole] });
        } catch (error) {
          if ((error as { type?: string }).type !== "MESSAGE_TOO_LARGE") throw error;
          // With our headers, a record of nearly the largest size is too large. The headers alone say where to find it.
          const headers = { ...whole.headers, "dead-letter-value-omitted": "true" };
          await producer.send({ topic, acks: -1, messages: [{ key: whole.key!, value: null, headers }] });
        }
      } catch (error) {
        const broken = connected;
        connected = undefined;
        void broken.then((producer) => producer.disconnect()).catch(() => undefined);
        throw error;
      }
    },
  };
}

/** The producer for `createDeadLetters`. */
export function deadLetterProducer(kafka: KafkaConfig, log: Log): Producer {
  return new Kafka({ ...kafka, ...kafkaLogs(log) }).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 2 },
  });
}
