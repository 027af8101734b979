/**
 * Changes that the topics will never have: the replication slot was dropped, invalidated or moved on, or a topic was deleted with its records. The stream does not show
 * that, and nothing else does once the connector goes on. So the loss is kept, also across restarts, until all rows were read again.
 */
import { type Loss, lossOf, lossWords, lsnText, rewoundOf } from "../../../components/connector/slot/slot-loss";
import type { SlotState } from "../../../components/connector/slot/source";
import type { Heartbeat, LogSpan } from "../../change/change-event";

/** What one look at slot and connector shows. */
export interface SlotSight {
  slot: SlotState;
  /** The position up to which the connector has read; null: it has no offset; undefined: Kafka Connect does not say. */
  stored: number | null | undefined;
  /** Whether the connector does not go on by itself: it is paused, is stopped or has failed. */
  stands: boolean;
  /** Postgres' error when it cannot decode the slot's log. */
  undecodable?: string;
  /** Whether no Kafka Connect runs, so that no connector can have read meanwhile. */
  alone: boolean;
}

/** A loss, and the position in the log up to which changes are lost, in bytes from its beginning. */
export interface Missed {
  sentence: string;
  to: number;
}

/** What a process keeps for the next one. */
export interface SlotMemory {
  missed: Missed | null;
  /** Position in the log, in bytes from its beginning, up to which every loss was reported; null: the slot was never read. */
  told: number | null;
  /** Position at which all rows were last read again because of a loss. */
  anew?: number | undefined;
}

export interface SlotWatchOptions {
  slotName: string;
  /** Whether `observe` gets looks at the slot. Otherwise changes of the stream are all that tells that the slot was read. */
  looks: boolean;
  load(): SlotMemory;
  save(known: SlotMemory): void;
  /** Is called once for each loss; `info` when it is made good. */
  warn(sentence: string): void;
  info(sentence: string): void;
}

export class SlotWatch {
  private missed: Missed | null;
  private told: number | null;
  private anew: number | undefined;
  private kind: Loss["kind"] | "topic" | undefined;
  /** The topic that was deleted, where nobody tells this process of the slot. */
  private emptied: string | undefined;
  /** Where the log ended when the slot was last seen. */
  private written: bigint | undefined;
  /** The slot's position when the connector was last seen reading it. */
  private read: bigint | undefined;
  /** How far the connector had read by the looks before this one. An offset is asked for after the slot, and the log may have grown in between. */
  private known: number | undefined;
  /** Looks in a row at which Kafka Connect had no offset. */
  private without = 0;
  /** The slot's position at the last look, when nobody was reading it. */
  private idle: { confirmed: bigint; alone: boolean } | undefined;

  constructor(private readonly options: SlotWatchOptions) {
    ({ missed: this.missed, told: this.told, anew: this.anew } = options.load());
  }

  /** A sentence about the loss; empty when nothing is lost. */
  losses(): readonly string[] {
    return this.missed === null ? [] : [this.missed.sentence];
  }

  observe(sight: SlotSight): void {
    const { slot, alone } = sight;
    this.written = slot.written ?? this.written;
    const loss = this.rewound(sight) ?? this.lossIn(sight);
    if (slot.active) {
      this.read = slot.confirmed;
      this.idle = undefined;
      this.begin(slot);
    } else {
      this.idle = slot.confirmed === undefined ? undefined : { confirmed: slot.confirmed, alone };
    }
    if (loss === undefined) return;
    this.miss(loss.kind, {
      sentence: `${lossWords(this.options.slotName, loss)}. ${REMEDY}`,
      // Positions in a longer log say nothing of this one.
      to: loss.kind === "rewound" ? Number(loss.to) : Math.max(Number(loss.to), this.missed?.to ?? 0),
    });
  }

  /** An older copy of the database is in its place. What was known of the former one says nothing of this one any more. */
  private rewound({ slot, stored }: SlotSight): Loss | undefined {
    const loss = stored === null ? undefined : rewoundOf(slot, this.known);
    if (stored === null || !slot.exists || loss !== undefined) this.known = undefined;
    else if (slot.active) this.known = slot.confirmed === undefined ? this.known : Number(slot.confirmed);
    else this.known = stored ?? this.known;
    return loss;
  }

  /** A topic was deleted, or deleted and made again. */
  topicGone(topic: string): void {
    // With the position, or the time, the sentence is another one when the topic is deleted once more.
    const before = this.written === undefined ? new Date().toISOString() : lsnText(this.written);
    this.emptied = this.written === undefined ? topic : undefined;
    this.miss("topic", {
      sentence: `topic ${topic} was deleted in Kafka: its records are gone, and rows written before ${before} are in no topic. ${REMEDY}`,
      to: Math.max(Number(this.written ?? 0n), this.missed?.to ?? 0),
    });
  }

  /** The slot is read for the first time, or the database is another one whose log is shorter. No loss before this position counts. */
  private begin({ written }: SlotState): void {
    const now = Number(written ?? 0n);
    if (this.told === null || now < this.told) this.keep({ told: now, anew: this.anew && Math.min(this.anew, now) });
  }

  private lossIn({ slot, stored, stands, alone, undecodable }: SlotSight): Loss | undefined {
    if (slot.active) return undefined;
    if (undecodable !== undefined) {
      const from = BigInt(stored ?? slot.confirmed ?? 0n);
      return { kind: "undecodable", from, to: slot.written ?? from, reason: undecodable };
    }
    if (stored === null) return this.forgotten(slot);
    this.without = 0;
    const from = stored ?? (this.read === undefined ? undefined : Number(this.read));
    const loss = from === undefined ? undefined : lossOf(slot, from);
    if (loss?.kind !== "passed") return loss;
    // A worker that was killed may have confirmed records to Postgres whose offsets it had not stored yet.
    if (stored !== undefined) return stands ? loss : undefined;
    const moved = alone && this.idle?.alone === true && slot.confirmed! > this.idle.confirmed;
    return moved ? { kind: "passed", from: this.idle!.confirmed, to: slot.confirmed! } : undefined;
  }

  /**
   * Kafka Connect has lost its offsets. It has none either before the first one is stored. Until then nothing is confirmed to Postgres, so the slot
   * has not moved since it was first read. Where a task is cut off so early, as by a second worker that joins, the connector reports what it passes over.
   */
  private forgotten({ written }: SlotState): Loss | undefined {
    this.without++;
    if (this.read === undefined || written === undefined || written <= this.read || this.without < 2) return undefined;
    if (this.told === null || Number(this.read) <= this.told) return undefined;
    return { kind: "forgotten", from: this.read, to: written };
  }

  private miss(kind: Loss["kind"] | "topic", missed: Missed): void {
    const isNew = kind !== this.kind || kind === "topic" || this.missed === null;
    if (this.missed?.sentence === missed.sentence) return;
    this.kind = kind;
    this.keep({ missed });
    if (isNew) this.options.warn(missed.sentence);
  }

  /**
   * Reads the messages of the connector's heartbeats. `readAnew` is written by an `up` behind its snapshot. Another snapshot does not make the loss
   * good: it leaves rows in the topics whose DELETE is lost.
   */
  unprinted(event: Pick<Heartbeat, "op" | "slot" | "readAnew" | "begunAnew"> | { op: "tombstone" }): void {
    if (event.op !== "heartbeat" || isOfAnother(event.slot, this.options.slotName)) return;
    if (event.readAnew !== undefined) this.toldFrom(event.readAnew);
    if (event.begunAnew !== undefined) this.begunAnew(event.begunAnew);
  }

  /** A change has come that is no row of a snapshot. @param position of its commit, in bytes from the log's beginning; null: not known */
  streamed(position: number | null): void {
    if (this.told === null && !this.options.looks && position !== null) this.keep({ told: position });
  }

  /**
   * The connector itself reports a loss. A first snapshot that was cut short and began again has lost nothing, as nothing was read before it. But a row
   * that was deleted meanwhile may be in the topics for ever.
   */
  private begunAnew({ from, to, deleted }: LogSpan & { deleted: boolean }): void {
    if (to <= (this.anew ?? -1) || !(deleted || this.hasRead({ from, to }))) return;
    const loss = lossWords(this.options.slotName, { kind: "forgotten", from: BigInt(from), to: BigInt(to) });
    this.miss("forgotten", { sentence: `${loss}. ${REMEDY}`, to: Math.max(to, this.missed?.to ?? 0) });
  }

  /** Whether the stream was read before a part of the log. A change may be of the slot that was made anew, and then it says nothing. */
  private hasRead({ from, to }: LogSpan): boolean {
    if (this.told === null) return false;
    return this.options.looks ? to > this.told : from >= this.told;
  }

  /** All rows were read again, as they were at this position. */
  private toldFrom(position: number): void {
    if (this.missed !== null && position >= this.missed.to) this.over();
    this.keep({ anew: position, told: this.told === null ? null : Math.max(position, this.told) });
  }

  /** A row of the connector's first snapshot. Of several consumers only one gets the heartbeats' messages; the one that reads the topic sees this. */
  refilled(topic: string): void {
    if (this.kind === "topic" && this.emptied === topic) this.over();
  }

  private over(): void {
    if (this.missed === null) return;
    const what = this.emptied === undefined ? `before ${lsnText(BigInt(this.missed.to))}` : `of topic ${this.emptied}`;
    this.options.info(`all rows were read again: the loss ${what} is made good`);
    this.kind = this.emptied = undefined;
    this.keep({ missed: null });
  }

  private keep({ missed = this.missed, told = this.told, anew = this.anew }: Partial<SlotMemory>): void {
    [this.missed, this.told, this.anew] = [missed, told, anew];
    this.options.save({ missed, told, ...(anew !== undefined && { anew }) });
  }
}

const REMEDY = "All rows are read again by: npm run pulumi -- config set snapshotMode when_needed && npm start";

/** Whether a message is about another connector of the same database. Empty: the consumer does not know which slot is its connector's. */
export function isOfAnother(slot: string | undefined, own: string): boolean {
  return slot !== undefined && own !== "" && slot !== own;
}
