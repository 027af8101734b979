/** One partition's batches, one after the other. */
import { type Batch, type BatchControl, type Deliver, doneUpTo } from "../../delivery/batch";
import { holdRecords } from "./held-records";

export interface LaneOptions {
  deliver: Deliver;
  /** Everything of the partition up to this offset is done with. */
  handled(topic: string, partition: number, offset: string): void;
  /** The delivery failed, which it never should. */
  failed(error: unknown): void;
  /** False when all lanes together hold as much as they may. */
  hasRoom(): boolean;
  /** While no record may begin: resolves when one may again. Else undefined. */
  held(): Promise<void> | undefined;
}

/** Bytes that wait in a lane before the partition is no longer fetched. */
const MOST_WAITING = 512 << 10;

export class Lane implements BatchControl {
  /** Resolves when all its batches are done, or are left to the partition's next reader. */
  readonly over: Promise<void>;
  /** Resolves when the stream need not wait for it any longer: it is over, or waits for something itself. */
  readonly beside: Promise<void>;
  private goBeside!: () => void;
  private isBeside = false;
  private current: Batch | undefined;
  /** The offset up to which the batch at hand is done with. */
  private resolved: string | undefined;
  private readonly queue: { batch: Batch; bytes: number }[] = [];
  /** Bytes of the batch at hand, once it is beside, and of those that wait behind it. */
  private atHand = 0;
  private queued = 0;
  private resume: (() => void) | undefined;
  private ending: "stopped" | "lost" | undefined;
  /** The delivery was told to leave the rest of its batch for when the lanes are no longer held. */
  private leavesRest = false;
  private isOutlived = false;
  private aborter: AbortController | undefined;

  /**
   * @param pause ends the fetches of the partition; returns what begins them again
   * @param earlier resolves when the first batch may begin
   */
  constructor(
    private readonly options: LaneOptions,
    private readonly pause: () => () => void,
    first: Batch,
    earlier?: Promise<void>,
  ) {
    this.beside = new Promise((resolve) => (this.goBeside = resolve));
    this.over = this.work(first, earlier)
      .catch(options.failed)
      .finally(() => this.end());
    if (earlier !== undefined) this.waits();
  }

  /** Adds a batch behind the others. `pause` may be of another consumer than the first one's. */
  add(batch: Batch, pause: () => () => void): void {
    const bytes = holdRecords(batch.messages);
    this.queue.push({ batch, bytes });
    this.queued += bytes;
    this.pauseWhenFull(pause);
  }

  /** The partition has no record for a reader between its batches and this offset. So this offset is done with when the batches are. */
  skip(lastOffset: string): void {
    const last = this.queue.at(-1)?.batch ?? this.current;
    if (last === undefined) return;
    last.lastOffset = lastOffset;
    if (last === this.current && this.resolved !== undefined) this.resolve(this.resolved);
  }

  waits(): void {
    if (this.isBeside || this.current === undefined) return;
    this.isBeside = true;
    this.atHand = holdRecords(this.current.messages);
    this.pauseWhenFull(this.pause);
    this.goBeside();
  }

  /** Bytes of records that it keeps in memory. */
  get held(): number {
    return this.atHand + this.queued;
  }

  /** Fetches leave its partition out. */
  get paused(): boolean {
    return this.resume !== undefined;
  }

  /**
   * The partition went to another member, which gets the waiting batches, or has had them. The signal of the change at hand is aborted, and nothing
   * more of this lane is committed.
   */
  lose(): void {
    this.finish("lost", "the partition went to another member of the group");
  }

  /** Its topic was made again. Its records are handled, but nothing is committed: their offsets are those of other records now. */
  outlive(): void {
    this.isOutlived = true;
  }

  stop(): void {
    this.finish("stopped", "the consumer stops");
  }

  get lost(): boolean {
    return this.ending === "lost";
  }

  resolve(offset: string): void {
    const { topic, partition } = this.current!;
    this.resolved = offset;
    if (!this.lost && !this.isOutlived) this.options.handled(topic, partition, doneUpTo(this.current!, offset));
  }

  stopped(): boolean {
    if (this.ended) return true;
    this.leavesRest ||= this.options.held() !== undefined;
    return this.leavesRest;
  }

  /** It takes no more batches. */
  get ended(): boolean {
    return this.ending !== undefined;
  }

  // The controller is made when a handler asks for the signal. Most do not.
  get signal(): AbortSignal {
    this.aborter ??= new AbortController();
    return this.aborter.signal;
  }

  private async work(first: Batch, earlier: Promise<void> | undefined): Promise<void> {
    this.current = first;
    if (earlier !== undefined) await earlier;
    while (this.current !== undefined && !this.ended) {
      if (this.options.held() !== undefined) {
        this.waits();
        await this.options.held();
        continue;
      }
      this.leavesRest = false;
      await this.options.deliver(this.current, this);
      this.current = this.rest() ?? this.next();
      this.resolved = undefined;
    }
  }

  /** What a delivery has left of its batch because the lanes were held. */
  private rest(): Batch | undefined {
    if (!this.leavesRest || this.ended) return undefined;
    const { anew: _, ...batch } = this.current!;
    const { resolved } = this;
    const messages = batch.messages.filter(({ offset }) => resolved === undefined || Number(offset) > Number(resolved));
    return messages.length === 0 ? undefined : { ...batch, messages };
  }

  private next(): Batch | undefined {
    const next = this.queue.shift();
    this.atHand = next?.bytes ?? 0;
    this.queued -= this.atHand;
    if (this.queued < MOST_WAITING && this.options.hasRoom()) this.release();
    return next?.batch;
  }

  private pauseWhenFull(pause: () => () => void): void {
    if (this.queued >= MOST_WAITING || !this.options.hasRoom()) this.resume = pause();
  }

  private release(): void {
    this.resume?.();
    this.resume = undefined;
  }

  private end(): void {
    this.atHand = 0;
    this.release();
    this.goBeside();
  }

  private finish(how: "stopped" | "lost", reason: string): void {
    this.ending ??= how;
    this.queue.length = 0;
    this.queued = 0;
    this.release();
    const abort = new Error(reason);
    abort.name = "AbortError";
    // A signal that is asked for later is aborted, too.
    (this.aborter ??= new AbortController()).abort(abort);
  }
}
