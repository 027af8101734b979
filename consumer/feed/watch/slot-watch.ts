/**
 * Changes that the topics will never have: the replication slot was dropped, invalidated or moved on, or a topic was deleted with its records. The stream itself does not
 * show that, and once the connector goes on nothing else does. So the loss is kept, also across a restart, until all rows were read again.
 */
import { type Loss, lossOf, lossWords, lsnText } from "../../../components/connector/slot/slot-loss";
import type { SlotState } from "../../../components/connector/slot/source";
import type { Heartbeat, LogSpan } from "../../change/change-event";

/** What is known at one look. */
export interface SlotSight {
  slot: SlotState;
  /** How far the connector has read; null: nothing; undefined: Kafka Connect does not say. */
  stored: number | null | undefined;
  /** Whether the connector is paused, stopped or has failed: it does not go on by itself. */
  stands: boolean;
  /** Postgres' error where it cannot decode the slot's log. */
  undecodable?: string;
  /** Whether there is no Kafka Connect at all, whose connector could have read meanwhile. */
  alone: boolean;
}

/** What is lost, and up to where in the log, in bytes from its beginning. */
export interface Missed {
  sentence: string;
  to: number;
}

/** What one process leaves to the next. */
export interface SlotMemory {
  missed: Missed | null;
  /** Up to here in the log, in bytes from its beginning, nothing is missing that is not said; null: the slot was never read. */
  told: number | null;
}

export interface SlotWatchOptions {
  slotName: string;
  load(): SlotMemory;
  save(known: SlotMemory): void;
  /** Told once of each loss, and when it is over. */
  warn(sentence: string): void;
  info(sentence: string): void;
}

export class SlotWatch {
  private missed: Missed | null;
  private told: number | null;
  private kind: Loss["kind"] | "topic" | undefined;
  /** Where the log ended at the last look. */
  private written: bigint | undefined;
  /** Where the slot was when it was read last, and when nobody has read it since. */
  private read: bigint | undefined;
  /** Looks in a row at which Kafka Connect had no offset. */
  private without = 0;
  private idle: { confirmed: bigint; alone: boolean } | undefined;

  constructor(private readonly options: SlotWatchOptions) {
    ({ missed: this.missed, told: this.told } = options.load());
  }

  /** A sentence where something is lost. */
  losses(): readonly string[] {
    return this.missed === null ? [] : [this.missed.sentence];
  }

  observe(sight: SlotSight): void {
    const { slot, alone } = sight;
    this.written = slot.written ?? this.written;
    const loss = this.lossIn(sight);
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
      to: Math.max(Number(loss.to), this.missed?.to ?? 0),
    });
  }

  /** A topic was deleted, or deleted and made again. */
  topicGone(topic: string): void {
    this.miss("topic", {
      sentence: `topic ${topic} was deleted in Kafka: what it told is gone, and the rows that are there are in no topic. ${REMEDY}`,
      to: Math.max(Number(this.written ?? 0n), this.missed?.to ?? 0),
    });
  }

  /** It is read for the first time, or of another database: what was told before was all there was. */
  private begin({ written }: SlotState): void {
    const now = Number(written ?? 0n);
    if (this.told === null || now < this.told) this.keep({ told: now });
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
    // A worker that was killed may have told Postgres of records that it had sent and not noted yet.
    if (stored !== undefined) return stands ? loss : undefined;
    const moved = alone && this.idle?.alone === true && slot.confirmed! > this.idle.confirmed;
    return moved ? { kind: "passed", from: this.idle!.confirmed, to: slot.confirmed! } : undefined;
  }

  /**
   * Before the first offset is noted there are none either. Postgres hears of none before that, so the slot has not come further then than it
   * was when it was first read; where a task is cut off so early, as by a second worker that joins, the connector says what it passes over.
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

  /** What an `up` writes behind its snapshot. Another snapshot does not mend it: it leaves rows in the topics whose DELETE is lost. */
  unprinted(event: Pick<Heartbeat, "op" | "readAnew" | "begunAnew"> | { op: "tombstone" }): void {
    if (event.op !== "heartbeat") return;
    if (event.readAnew !== undefined) this.toldFrom(event.readAnew);
    if (event.begunAnew !== undefined) this.begunAnew(event.begunAnew);
  }

  /** The connector says so itself. A first snapshot that was cut short and began anew has forgotten nothing: before it nothing was read. */
  private begunAnew({ from, to }: LogSpan): void {
    if (this.told === null || to <= this.told) return;
    const loss = lossWords(this.options.slotName, { kind: "forgotten", from: BigInt(from), to: BigInt(to) });
    this.miss("forgotten", { sentence: `${loss}. ${REMEDY}`, to: Math.max(to, this.missed?.to ?? 0) });
  }

  /** All rows were told as they were there. */
  private toldFrom(position: number): void {
    if (this.missed !== null && position >= this.missed.to) this.over();
    if (this.told !== null && position > this.told) this.keep({ told: position });
  }

  private over(): void {
    if (this.missed === null) return;
    this.options.info(`all rows are told again: what was lost before ${lsnText(BigInt(this.missed.to))} is made good`);
    this.kind = undefined;
    this.keep({ missed: null });
  }

  private keep({ missed = this.missed, told = this.told }: Partial<SlotMemory>): void {
    this.missed = missed;
    this.told = told;
    this.options.save({ missed, told });
  }
}

const REMEDY = "All rows are read again by: npm run pulumi -- config set snapshotMode when_needed && npm start";
