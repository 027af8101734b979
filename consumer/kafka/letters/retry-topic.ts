/**
 * The topic that dead letters are sent back to. It is the consumer's own: on the table's topic every other reader would get the
 * change a second time. A record there is the letter's, and its headers say where it was at first. That a letter is there
 * is also the mark that it was sent back.
 */
import type { Message } from "kafkajs";
import type { Origin, RawMessage } from "../../change/change-event";
import { type Batch, type Deliver, pieceOf } from "../../delivery/batch";
import { headerOf, type LetterHeaders, RETRY_OF } from "../../letters/headers";

/** About the failure that is over; a new one says its own. */
const OF_THE_FAILURE = ["dead-letter-stage", "dead-letter-attempts", "dead-letter-error", "dead-letter-stack"];

/** The letter as it is sent back. */
export function retryOf(
  letter: { key: Buffer | null; value: Buffer | null; headers?: LetterHeaders },
  number: string,
): Message {
  const headers = { ...letter.headers };
  for (const name of OF_THE_FAILURE) delete headers[name];
  return { key: letter.key, value: letter.value, headers: { ...headers, [RETRY_OF]: number } as Message["headers"] };
}

/** Has batches of the retry topic delivered as what their records were at first; all others as they are. */
export function fromRetryTopic(retryTopic: string | null, deliver: Deliver): Deliver {
  return async (batch, control) => {
    if (batch.topic !== retryTopic) return deliver(batch, control);
    for (const part of partsOf(batch)) {
      if (control.stopped()) return;
      await deliver(part, control);
    }
  };
}

/** Those that follow each other and were in one partition: a handler of many gets no others together. */
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

/** What somebody else wrote there has no such headers, and is a record of that topic. */
function asAtFirst(record: RawMessage & { headers?: LetterHeaders }): RawMessage {
  const { key, value, offset, headers = {} } = record;
  const [topic, partition, at] = ["topic", "partition", "offset"].map((name) =>
    headerOf(headers, `dead-letter-${name}`),
  );
  if (!topic || !/^\d{1,9}$/.test(partition ?? "") || !/^\d{1,18}$/.test(at ?? "")) return record;
  const original: Origin = { topic, partition: Number(partition), offset: at! };
  // As the letter has it, should it fail again: the time of the record, not that of its return.
  const timestamp = headerOf(headers, "dead-letter-timestamp") ?? "";
  return { key, value, offset, headers, timestamp, original } as RawMessage;
}
