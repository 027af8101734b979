/**
 * Partitions that do not wait for each other. kafkajs fetches again when all batches of the last fetch are done, so a handler
 * that takes a minute for one table would hold up all tables, and heartbeats with them. Here the fetch waits for a batch only while its handler
 * computes, since the one thread can do nothing else then. Once the handler awaits something, the next fetch begins beside it.
 */
import type { RawMessage } from "../../change/change-event";
import type { Batch } from "../../delivery/batch";
import { Lane, type LaneOptions } from "./lane";
import { Positions } from "./positions";

export interface FetchedBatch extends Batch {
  messages: readonly (RawMessage & { timestamp: string })[];
}

export interface LanesOptions extends Omit<LaneOptions, "hasRoom" | "held"> {
  /** Is called when records come again that are handled or at hand. They are not handled again. */
  passedOver(topic: string, partition: number, from: string, to: string): void;
  /** Calls back after ms; the returned function cancels. */
  later(ms: number, callback: () => void): () => void;
}

/** The longest that a busy batch may hold up the next fetch: kafkajs sends heartbeats between fetches only. */
const MOST_INLINE_MS = 500;
/** Bytes of records in all lanes. Beyond that, each lane still keeps the batch at hand, of at most 1 MB. */
const MOST_HELD = 64 << 20;

export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  /** Lanes with records of topics that were deleted and made again. */
  private readonly outlived = new Set<Lane>();
  private readonly positions = new Positions();
  private stopping = false;
  private held: { readonly over: Promise<void>; end(): void } | undefined;

  private readonly laneOptions: LaneOptions;

  constructor(private readonly options: LanesOptions) {
    this.laneOptions = { ...options, hasRoom: () => this.bytes < MOST_HELD, held: () => this.held?.over };
  }

  /**
   * Takes over a batch that was fetched of a partition.
   *
   * @param pause ends the fetches of the partition; returns what begins them again
   * @returns resolves when the stream may go on: mostly when the batch is done
   */
  async take(batch: FetchedBatch, pause: () => () => void): Promise<void> {
    if (this.stopping) return;
    const { topic, partition, lastOffset, highWatermark } = batch;
    const name = nameOf(topic, partition);
    const { fresh: messages, anew } = this.positions.take(name, batch.messages);
    const lane = this.lanes.get(name);
    if (messages.length < batch.messages.length) this.passOver(batch, messages.length, lane);
    if (messages.length === 0) return;
    const fresh = { topic, partition, messages, lastOffset, highWatermark, ...(anew && { anew }) };
    if (anew && lane !== undefined) this.outlive(lane);
    else if (lane !== undefined && !lane.ended) return lane.add(fresh, pause);
    await this.open(name, fresh, pause, lane?.over);
  }

  /** The partition has no further record for a reader up to this offset. @returns whether nothing of the partition is at hand */
  skip(topic: string, partition: number, lastOffset: string): boolean {
    const lane = this.lanes.get(nameOf(topic, partition));
    if (this.stopping) return false;
    if (lane === undefined) this.options.handled(topic, partition, lastOffset);
    else lane.skip(lastOffset);
    return lane === undefined;
  }

  /** The group has decided who reads what. Lanes of partitions that stayed go on. */
  assigned(isOurs: (topic: string, partition: number) => boolean): void {
    const kept = new Set<string>();
    for (const [name, lane] of this.lanes) {
      const [topic, partition] = partsOf(name);
      if (isOurs(topic, partition)) kept.add(name);
      else lane.lose();
    }
    this.positions.keepOnly((name) => kept.has(name) || isOurs(...partsOf(name)));
  }

  /**
   * This process is no member of the group, so that others may handle what waits here. Changes at hand are handled to their end, and no others begin
   * until `goOn`.
   */
  hold(): void {
    if (this.held !== undefined || this.stopping) return;
    let end!: () => void;
    const over = new Promise<void>((resolve) => (end = resolve));
    this.held = { over, end };
  }

  goOn(): void {
    this.held?.end();
    this.held = undefined;
  }

  /**
   * Another member has gone on with the partition, which is this one's again. What is here of it was that member's.
   *
   * @returns whether a batch of it was at hand
   */
  lost(topic: string, partition: number): boolean {
    const name = nameOf(topic, partition);
    const lane = this.lanes.get(name);
    lane?.lose();
    this.positions.keepOnly((each) => each !== name);
    return lane !== undefined;
  }

  /** Partitions of which a batch is at hand. */
  get busy(): { topic: string; partition: number }[] {
    return [...this.lanes]
      .filter(([, lane]) => !lane.lost)
      .map(([name]) => partsOf(name))
      .map(([topic, partition]) => ({ topic, partition }));
  }

  /** Whether fetches leave out a partition because its lane is full. */
  get holding(): boolean {
    for (const lane of this.lanes.values()) if (lane.paused) return true;
    return false;
  }

  /** Resolves when the changes at hand are done; no others begin. */
  async stop(): Promise<void> {
    this.stopping = true;
    const all = [...this.outlived, ...this.lanes.values()];
    for (const lane of all) lane.stop();
    this.goOn();
    await Promise.all(all.map(({ over }) => over));
  }

  private get bytes(): number {
    let bytes = 0;
    for (const lane of [...this.outlived, ...this.lanes.values()]) bytes += lane.held;
    return bytes;
  }

  private outlive(lane: Lane): void {
    lane.outlive();
    this.outlived.add(lane);
    void lane.over.finally(() => this.outlived.delete(lane));
  }

  private open(name: string, batch: Batch, pause: () => () => void, earlier: Promise<void> | undefined): Promise<void> {
    const lane = new Lane(this.laneOptions, pause, batch, earlier);
    this.lanes.set(name, lane);
    const cancel = this.options.later(MOST_INLINE_MS, () => lane.waits());
    void lane.over.finally(() => {
      cancel();
      if (this.lanes.get(name) === lane) this.lanes.delete(name);
    });
    return lane.beside;
  }

  private passOver(
    { topic, partition, messages, lastOffset = "-1" }: FetchedBatch,
    fresh: number,
    lane: Lane | undefined,
  ): void {
    const last = messages[messages.length - fresh - 1]!;
    this.options.passedOver(topic, partition, messages[0]!.offset, last.offset);
    // Records that come again are not committed yet. Those at hand will be when they are done; the others are committed now.
    if (lane === undefined && fresh === 0) {
      const taken = this.positions.last(nameOf(topic, partition));
      this.options.handled(topic, partition, Number(lastOffset) > Number(taken) ? lastOffset : taken);
    }
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/** No topic's name has a slash. */
function partsOf(name: string): [topic: string, partition: number] {
  const slash = name.lastIndexOf("/");
  return [name.slice(0, slash), Number(name.slice(slash + 1))];
}
