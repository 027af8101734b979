/** One partition's batches, one after the other. */
import type { Batch, BatchControl } from "../delivery/batch";

export interface LaneOptions {
  deliver(batch: Batch, control: BatchControl): Promise<void>;
  /** Everything of the partition up to this offset is done with. */
  handled(topic: string, partition: number, offset: string): void;
  /** The delivery failed, which it never should. */
  failed(error: unknown): void;
}

/** Bytes that wait in a lane before the partition is no longer fetched. */
const MOST_WAITING = 512 << 10;

export class Lane implements BatchControl {
  /** Resolves when all its batches are done, or left. */
  readonly over: Promise<void>;
  /** Resolves when the stream need not wait for it any longer: it is over, or waits for something itself. */
  readonly beside: Promise<void>;
  waits!: () => void;
  private current: Batch | undefined;
  private readonly queue: Batch[] = [];
  private queued = 0;
  private resume: (() => void) | undefined;
  private end: "stopped" | "lost" | undefined;
  private aborter: AbortController | undefined;

  /** @param earlier what must be over before */
  constructor(
    private readonly options: LaneOptions,
    first: Batch,
    earlier?: Promise<void>,
  ) {
    this.beside = new Promise((resolve) => (this.waits = resolve));
    this.over = this.work(first, earlier).catch(options.failed).finally(this.waits);
    if (earlier !== undefined) this.waits();
  }

  /**
   * Another batch behind the others.
   *
   * @param pause ends the fetches of the partition; returns what begins them again
   */
  add(batch: Batch, pause: () => () => void): void {
    this.queue.push(batch);
    this.queued += bytesOf(batch);
    if (this.queued >= MOST_WAITING) this.resume = pause();
  }

  /** Fetches leave its partition out. */
  get held(): boolean {
    return this.resume !== undefined;
  }

  /** The partition went to another member: the change at hand ends, the rest is its next reader's. */
  lose(): void {
    this.finish("lost", "the partition went to another member of the group");
  }

  stop(): void {
    this.finish("stopped", "the consumer stops");
  }

  get lost(): boolean {
    return this.end === "lost";
  }

  resolve(offset: string): void {
    const { topic, partition } = this.current!;
    if (!this.lost) this.options.handled(topic, partition, offset);
  }

  stopped(): boolean {
    return this.end !== undefined;
  }

  // Made when it is asked for: most handlers do not.
  get signal(): AbortSignal {
    this.aborter ??= new AbortController();
    return this.aborter.signal;
  }

  private async work(first: Batch, earlier: Promise<void> | undefined): Promise<void> {
    if (earlier !== undefined) await earlier;
    this.current = first;
    while (this.current !== undefined && !this.stopped()) {
      await this.options.deliver(this.current, this);
      this.current = this.next();
    }
  }

  private next(): Batch | undefined {
    const batch = this.queue.shift();
    if (batch === undefined) return undefined;
    this.queued -= bytesOf(batch);
    if (this.queued < MOST_WAITING) this.release();
    return batch;
  }

  private release(): void {
    this.resume?.();
    this.resume = undefined;
  }

  private finish(how: "stopped" | "lost", reason: string): void {
    this.end ??= how;
    this.queue.length = 0;
    this.release();
    const abort = new Error(reason);
    abort.name = "AbortError";
    // Also for a signal that is asked for later.
    (this.aborter ??= new AbortController()).abort(abort);
  }
}

function bytesOf({ messages }: Batch): number {
  return messages.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
}
