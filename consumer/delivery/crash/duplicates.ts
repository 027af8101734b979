/**
 * At least once means that some changes come twice. This counts them; it never drops one.
 *
 * `redelivered`: Kafka delivers an offset that was handled before but not committed yet. Known for sure within one life
 * of the process. Across a restart the memory is a small file that a kill -9 leaves behind; it is written after the log
 * lines and before the commit, at least every 10 ms or 32 KB of lines. So what is called a duplicate has been in the log
 * before, for sure; what was handled in those last ms before the kill may come again without being called one.
 *
 * `repeated`: the connector wrote a change to the topic again, with a new offset, after a restart of its own. Seen by its id:
 * in a partition those of later changes are greater, whatever row they are of. The newest one of what was handled is remembered
 * with its offset, so that a fault which ends consumer and connector at once leaves no repetition unmarked. A snapshot from the
 * beginning begins anew: its database may be one that was restored to an earlier moment. Its first row does so for all partitions,
 * as a table without rows, and the messages of the log, have none in theirs.
 */
import type { ChangeJson } from "../../api";
import type { Change, RawMessage } from "../../change/change-event";
import { isOfFirstSnapshot, placeOf } from "../../change/event-id";

/** How far a partition was handled. */
export interface Done {
  offset: number;
  /** Place of the newest change up to there; empty when none is known. */
  newest: string;
}

/** By `topic/partition`. */
export type DoneByPartition = { [topicPartition: string]: Done };

export interface OffsetStore {
  /** Empty when nothing is known. */
  load(): DoneByPartition;
  save(done: DoneByPartition): void;
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
  anew?: boolean;
}

export class Duplicates {
  private readonly done: DoneByPartition;
  /** By topic and partition: what was given to the handler and may come again, as it is not known to be handled; in the order of offsets. */
  private readonly begun = new Map<string, Done[][]>();

  /** Place of the last snapshot from the beginning that this process has met. */
  private snapshot: string | undefined;

  constructor(private readonly options: DuplicatesOptions) {
    this.done = { ...options.store.load() };
  }

  /**
   * Before the first record of a batch.
   *
   * @returns the last offset that was handled before; -1 when none of the batch was
   */
  begin({ topic, partition, messages, highWatermark, anew = false }: Delivered): number {
    const name = `${topic}/${partition}`;
    // The topic was made again: that is known, or it holds fewer records than were handled of the old one.
    if (anew || Number(highWatermark) <= (this.done[name]?.offset ?? -1)) {
      delete this.done[name];
      this.begunIn(topic, partition).length = 0;
    }
    const done = this.done[name]?.offset ?? -1;
    const from = Number(messages[0]?.offset ?? Infinity);
    const to = Number(messages[messages.length - 1]?.offset ?? -1);
    if (from > done) return -1;
    this.options.report(topic, partition, from, Math.min(to, done));
    return done;
  }

  /** Everything up to this offset is handled, and its lines are written. */
  handled(topic: string, partition: number, offset: string): void {
    const name = `${topic}/${partition}`;
    const known = this.done[name];
    if (Number(offset) <= (known?.offset ?? -1)) return;
    const begun = this.begunIn(topic, partition);
    const open = begun.findIndex((each) => each.offset > Number(offset));
    const ended = begun.splice(0, open === -1 ? begun.length : open);
    this.done[name] = { offset: Number(offset), newest: ended[ended.length - 1]?.newest ?? known?.newest ?? "" };
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
    const offset = Number(message.offset);
    if (handledBefore !== -1 && offset <= handledBefore) return "redelivered";
    // A dead letter that was sent back was never handled: a handler that skips repetitions must not skip it.
    return message.original === undefined && this.isRepeated(change, offset) ? "repeated" : undefined;
  }

  private isRepeated({ op, eventId, snapshotPlace, topic, partition }: Change, offset: number): boolean {
    const place = op !== "snapshot" ? eventId : eventId === null ? snapshotPlace : placeOf(eventId);
    if (place === undefined || place === null) return false;
    const begun = this.begunIn(topic, partition);
    // What comes again before it was handled is no repetition of itself.
    while (begun.length > 0 && begun[begun.length - 1]!.offset >= offset) begun.pop();
    const newest = begun[begun.length - 1]?.newest ?? this.done[`${topic}/${partition}`]?.newest ?? "";
    // Rows of one snapshot share their place, and a second snapshot is no repetition.
    if (op === "snapshot") {
      if (isOfFirstSnapshot(place) && place !== newest) {
        this.beginAnew(place);
        begun.push({ offset, newest: place });
      }
      return false;
    }
    if (place <= newest) return true;
    begun.push({ offset, newest: place });
    return false;
  }

  /**
   * What was handled of the log behind this snapshot may be of another database. Where it is not, a repetition may stay unmarked: that
   * is better than a mark on a change that never came before. It is kept with the next offset that is handled.
   */
  private beginAnew(snapshot: string): void {
    if (snapshot === this.snapshot) return;
    this.snapshot = snapshot;
    const isKnown = Object.values(this.done).some(({ newest }) => newest === snapshot);
    if (isKnown) return;
    for (const [name, { offset, newest }] of Object.entries(this.done)) {
      if (newest > snapshot) this.done[name] = { offset, newest: snapshot };
    }
    for (const each of [...this.begun.values()].flat(2)) if (each.newest > snapshot) each.newest = snapshot;
  }

  private begunIn(topic: string, partition: number): Done[] {
    let ofTopic = this.begun.get(topic);
    if (ofTopic === undefined) this.begun.set(topic, (ofTopic = []));
    return (ofTopic[partition] ??= []);
  }
}
