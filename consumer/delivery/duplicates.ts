/**
 * At least once means that some changes come twice. This counts them; it never drops one.
 *
 * `redelivered`: Kafka delivers an offset that was handled before but not committed yet. Known for sure within one life
 * of the process. Across a restart the memory is a small file that a kill -9 leaves behind; it is written after the log
 * lines and before the commit, at least every 10 ms or 32 KB of lines. So what is called a duplicate has been in the log
 * before, for sure; what was handled in those last ms before the kill may come again without being called one.
 *
 * `repeated`: the connector wrote a change to the topic again, with a new offset, after a restart of its own. Seen by its id:
 * in a partition those of later changes are greater, whatever row they are of. Remembers the newest one of each partition, not
 * across a restart.
 */
import type { ChangeJson } from "../api";
import type { Change, RawMessage } from "../change/change-event";

export type Offsets = { [topicPartition: string]: number };

export interface OffsetStore {
  /** `topic/partition` to the last offset handled; empty when nothing is known. */
  load(): Offsets;
  save(offsets: Offsets): void;
}

export interface DuplicatesOptions {
  store: OffsetStore;
  /** Told once per batch that holds redelivered records, with the first and last such offset. */
  report(topic: string, partition: number, from: number, to: number): void;
}

/** What of a batch matters here. */
interface Delivered {
  topic: string;
  partition: number;
  messages: readonly { offset: string }[];
  highWatermark: string;
}

export class Duplicates {
  private readonly done: Offsets;
  /** By topic and partition, as long as the process lives. */
  private readonly newest = new Map<string, string[]>();

  constructor(private readonly options: DuplicatesOptions) {
    this.done = { ...options.store.load() };
  }

  /**
   * Before the first record of a batch.
   *
   * @returns the last offset that was handled before; -1 when none of the batch was
   */
  begin({ topic, partition, messages, highWatermark }: Delivered): number {
    const name = `${topic}/${partition}`;
    // The topic was made again and holds fewer records than were handled of the old one.
    if (Number(highWatermark) <= (this.done[name] ?? -1)) delete this.done[name];
    const done = this.done[name] ?? -1;
    const from = Number(messages[0]?.offset ?? Infinity);
    const to = Number(messages[messages.length - 1]?.offset ?? -1);
    if (from > done) return -1;
    this.options.report(topic, partition, from, Math.min(to, done));
    return done;
  }

  /** Everything up to this offset is handled, and its lines are written. */
  handled(topic: string, partition: number, offset: string): void {
    const name = `${topic}/${partition}`;
    if (Number(offset) <= (this.done[name] ?? -1)) return;
    this.done[name] = Number(offset);
    this.options.store.save(this.done);
  }

  /**
   * Whether this change was here before, and remembers it.
   *
   * @param message the record that it came in
   * @param handledBefore what `begin` said of the batch
   */
  recognise(
    change: Change,
    message: Pick<RawMessage, "offset" | "original">,
    handledBefore: number,
  ): ChangeJson["duplicate"] {
    // A dead letter that was sent back has been seen, but never handled: whoever skips repetitions must not skip it.
    const repeated = message.original === undefined && this.isRepeated(change);
    if (handledBefore !== -1 && Number(message.offset) <= handledBefore) return "redelivered";
    return repeated ? "repeated" : undefined;
  }

  private isRepeated({ op, eventId, topic, partition }: Change): boolean {
    // Rows of one snapshot share their place, and a second snapshot is no repetition.
    if (eventId === null || op === "snapshot") return false;
    let newest = this.newest.get(topic);
    if (newest === undefined) this.newest.set(topic, (newest = []));
    if (eventId <= (newest[partition] ?? "")) return true;
    newest[partition] = eventId;
    return false;
  }
}
