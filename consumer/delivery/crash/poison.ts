/**
 * Records that end the process. A handler that calls `process.exit`, or takes all the memory, fails no attempt: the next process
 * gets the same record, and so on for ever. So a small file names the records at hand. Those that it names after an unexpected end are
 * suspects. The handler gets them again, at first as before, then apart: record by record, and no two suspects at the
 * same time. A record at which the process ends twice while it is apart is given up.
 */
import type { Log } from "../../log";
import { type Batch, type BatchControl, type Deliver, pieceOf } from "../batch";

/** Offsets of a partition that are at hand, both included. */
export interface AtHandRange {
  from: number;
  to: number;
  /** Ends of the process in a row with just these at hand; should it end now, that one included. */
  ends: number;
  /** Those of them at which it was apart. */
  apart: number;
}

/** By `topic/partition`. */
export type RangesByPartition = { [topicPartition: string]: AtHandRange };

export interface RangeStore {
  /** What the process before had at hand when it ended. */
  load(): RangesByPartition;
  save(ranges: RangesByPartition): void;
}

type Ends = Pick<AtHandRange, "ends" | "apart">;

/** Where batches go. */
interface Ways {
  deliver: Deliver;
  /** For what no handler can be given. */
  giveUp: Deliver;
}

/** Of many records, that all are tried one by one takes time: only after so many ends with these at hand. */
const TOGETHER = 2;
/** One is no proof: the process may have been killed, or ended by a record that was not suspect yet. */
const MOST_APART = 2;
const NEW = { ends: 0, apart: 0 } as const;

export class Poison {
  private readonly suspects: Map<string, AtHandRange>;
  private readonly atHand = new Map<string, AtHandRange>();
  /** Resolves when the suspects that are handed apart are done with. */
  private othersDone: Promise<void> = Promise.resolve();
  private remembers = true;

  constructor(
    private readonly store: RangeStore,
    private readonly log: Log,
  ) {
    this.suspects = new Map(Object.entries(store.load()));
    this.save();
  }

  /** Delivers, and notes meanwhile what is at hand. */
  watching(ways: Ways): Deliver {
    return (batch, control) => {
      const suspect = this.suspectOf(batch);
      return suspect === undefined
        ? this.hand(batch, ways, control, NEW)
        : this.handWithSuspects(batch, suspect, ways, control);
    };
  }

  private async handWithSuspects(batch: Batch, suspect: AtHandRange, ways: Ways, control: BatchControl): Promise<void> {
    const { messages } = batch;
    const isIn = within(suspect);
    const first = messages.findIndex(isIn);
    const end = messages.findLastIndex(isIn) + 1;
    const piece = async (from: number, to: number, known: Ends = NEW, isApart = false): Promise<boolean> => {
      await this.hand(pieceOf(batch, messages.slice(from, to)), ways, control, known, isApart);
      return !control.stopped();
    };
    // What was handled before comes again up to here.
    if (first > 0 && !(await piece(0, first))) return;
    const isHopeless = suspect.apart >= MOST_APART;
    this.tell(batch, messages.slice(first, end), suspect.ends, isHopeless);
    if (isHopeless) {
      this.suspects.delete(nameOf(batch));
      await ways.giveUp(pieceOf(batch, messages.slice(first, end)), control);
      if (control.stopped()) return;
    } else if (end - first > 1 && suspect.ends < TOGETHER) {
      if (!(await piece(first, end, suspect))) return;
    } else {
      const oneByOne = async (): Promise<boolean> => {
        for (let i = first; i < end; i++) if (!(await piece(i, i + 1, i === first ? suspect : NEW, true))) return false;
        return true;
      };
      if (!(await this.afterOtherSuspects(oneByOne, control))) return;
    }
    if (end < messages.length) await piece(end, messages.length);
  }

  /** The end that comes now is none of a record's doing. */
  forget(): void {
    this.remembers = false;
    this.store.save({});
  }

  /** Undefined when none of the batch is. */
  private suspectOf(batch: Batch): AtHandRange | undefined {
    const { messages, highWatermark } = batch;
    const name = nameOf(batch);
    const suspect = this.suspects.get(name);
    if (suspect === undefined) return undefined;
    const last = Number(messages.at(-1)?.offset);
    if (last < suspect.from && Number(highWatermark) > suspect.from) return undefined;
    // Another member of the group is done with it, or the topic was made again.
    if (!messages.some(within(suspect))) this.suspects.delete(name);
    return this.suspects.get(name);
  }

  /** So that of two suspects it is known which one ended the process. False when some are left for later. */
  private async afterOtherSuspects(work: () => Promise<boolean>, control: BatchControl): Promise<boolean> {
    const before = this.othersDone;
    let end!: () => void;
    this.othersDone = new Promise((resolve) => (end = resolve));
    control.waits();
    try {
      await before;
      return !control.stopped() && (await work());
    } finally {
      end();
    }
  }

  /** @param known of ends before this life */
  private async hand(
    batch: Batch,
    { deliver }: Ways,
    control: BatchControl,
    known: Ends,
    isApart = false,
  ): Promise<void> {
    const name = nameOf(batch);
    const to = Number(batch.messages.at(-1)?.offset);
    this.suspects.delete(name);
    const ends = { ends: known.ends + 1, apart: known.apart + (isApart ? 1 : 0) };
    this.note(name, { from: Number(batch.messages[0]?.offset), to, ...ends });
    try {
      await deliver(batch, {
        resolve: (offset) => {
          this.note(name, { from: Number(offset) + 1, to, ends: 1, apart: 0 });
          control.resolve(offset);
        },
        waits: () => control.waits(),
        stopped: () => control.stopped(),
        get signal() {
          return control.signal;
        },
      });
    } finally {
      if (this.atHand.delete(name)) this.save();
    }
  }

  private note(name: string, range: AtHandRange): void {
    if (range.from <= range.to) this.atHand.set(name, range);
    else this.atHand.delete(name);
    this.save();
  }

  private tell(batch: Batch, messages: Batch["messages"], ends: number, isHopeless: boolean): void {
    const times = ends === 1 ? "once" : `${ends} times in a row`;
    const [from, to] = [messages[0]!.offset, messages.at(-1)!.offset];
    const what = from === to ? `offset ${from}` : `offsets ${from} to ${to}`;
    const then = isHopeless ? "given up on" : "handed again";
    this.log.warn(`the process ended ${times} while the handler had ${what} of ${nameOf(batch)}: ${then}`);
  }

  private save(): void {
    if (this.remembers) this.store.save(Object.fromEntries([...this.suspects, ...this.atHand]));
  }
}

function within({ from, to }: AtHandRange): (message: { offset: string }) => boolean {
  return ({ offset }) => Number(offset) >= from && Number(offset) <= to;
}

function nameOf({ topic, partition }: Batch): string {
  return `${topic}/${partition}`;
}
