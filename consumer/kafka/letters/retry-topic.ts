/**
 * The topic that dead letters are sent back to. It is the consumer's own: on the table's topic, every other reader would get the
 * change a second time. A record there is a copy of the letter, and its headers say where the record was at first. The copy is
 * also the mark that the letter was sent back.
 */
import type { Message } from "kafkajs";
import type { Origin, RawMessage } from "../../change/change-event";
import { type Batch, type Deliver, pieceOf } from "../../delivery/batch";
import { headerOf, type LetterHeaders, RETRY_OF, writable } from "../../letters/headers";

/** Headers about the failure before. A new failure writes its own. */
const OF_THE_FAILURE = ["dead-letter-stage", "dead-letter-attempts", "dead-letter-error", "dead-letter-stack"];

/** The letter as it is sent back. */
export function retryOf(
  letter: { key: Buffer | null; value: Buffer | null; headers?: LetterHeaders },
  number: string,
): Message {
  const headers = writable(letter.headers);
  for (const name of OF_THE_FAILURE) delete headers[name];
  return { key: letter.key, value: letter.value, headers: { ...headers, [RETRY_OF]: number } };
}

/** Delivers records of the retry topic with the place that they had at first. It delivers all other batches as they are. */
export function fromRetryTopic(retryTopic: string | null, deliver: Deliver): Deliver {
  return async (batch, control) => {
    if (batch.topic !== retryTopic) return deliver(batch, control);
    for (const part of partsOf(batch)) {
      if (control.stopped()) return;
      await deliver(part, control);
    }
  };
}

/** Parts of the batch whose records were in one partition at first: a handler of many changes gets no others together. */
function partsOf(batch: Batch): Batch[] {
  const parts: RawMessage[][] = [];
  let last: Origin | undefined;
  for (const record of batch.messages) {
    const message = asAtFirst(record);
    const { original } = message;
    const part = parts.at(-1);
    if (part !== undefined && original?.topic === last?.topic && original?.partition === last?.partition) {
      part.push(message);
    } else parts.push([message]);
    last = original;
  }
  return parts.map((messages) => pieceOf(batch, messages));
}

/** A record that somebody else wrote there has no such headers. It is left as a record of the retry topic. */
function asAtFirst(record: RawMessage & { headers?: LetterHeaders }): RawMessage {
  const { key, value, offset, headers = {} } = record;
  const [topic, partition, at] = ["topic", "partition", "offset"].map((name) =>
    headerOf(headers, `dead-letter-${name}`),
  );
  if (!topic || !/^\d{1,9}$/.test(partition ?? "") || !/^\d{1,18}$/.test(at ?? "")) return record;
  const original: Origin = { topic, partition: Number(partition), offset: at! };
  // The time of the record, and not of its return: if it fails again, the new letter has the same time as this one.
  const timestamp = headerOf(headers, "dead-letter-timestamp") ?? "";
  return { key, value, offset, headers, timestamp, original } as RawMessage;
}
