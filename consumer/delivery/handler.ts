/** The types for handlers: what a handler is, and what it gets. */
import type { Change } from "../change/change-event";
import type { Arrival } from "../change/change-json";
import type { Log } from "../log";

/** The part of the context that handlers of one change and of many have in common. */
interface CommonContext {
  log: Log;
  /** Number of the attempt, from 1 on. */
  attempt: number;
  /**
   * Aborts when the consumer no longer waits for this attempt: it took too long, the consumer stops, or another member of the group has got
   * the partition. It does not abort after the attempt has ended.
   */
  readonly signal: AbortSignal;
  /**
   * Writes the change to the standard output once the handler is done with it, in the form that LOG_FORMAT sets. The line has the change's id,
   * which it gets then. An attempt that fails writes no line.
   */
  print(change: Change): void;
}

/** What a handler of single changes gets beside the change. */
export interface Context extends Arrival, CommonContext {}

/** What a handler of many changes gets beside the changes. */
export interface BatchContext extends CommonContext {
  /** The lag of a change of this batch, and whether it was handled before. */
  arrivalOf(change: Change): Arrival;
}

export type Handler = (change: Change, context: Context) => void | Promise<void>;

/** Changes of one partition, in order. */
export type BatchHandler = (changes: readonly Change[], context: BatchContext) => void | Promise<void>;

interface Life<State> {
  /**
   * Runs before the first change, and is waited for. Its result is given to the other functions as `state`. When it fails, the process ends
   * with exit code 1, and the container starts it again.
   */
  setup?(context: { log: Log; signal: AbortSignal }): State | Promise<State>;
  /** Runs when the last change is done, before the process ends at a SIGTERM; not after a crash. */
  close?(state: State): void | Promise<void>;
}

interface OneByOne<State> {
  handle(change: Change, context: Context, state: State): void | Promise<void>;
}

interface InBatches<State> {
  /**
   * Gets the changes of a fetch from one partition, in order. Offsets are committed after it is done. A batch that fails at every
   * attempt is tried again change by change, and only changes that fail alone go to the dead letters.
   */
  handleBatch(changes: readonly Change[], context: BatchContext, state: State): void | Promise<void>;
  /** @default 500 */
  mostChanges?: number;
}

export type HandlerDefinition<State> = Life<State> & (OneByOne<State> | InBatches<State>);

/** For a handler with connections of its own, or one that takes many changes at once. Export it as `handle`. */
export function defineHandler<State = undefined>(definition: HandlerDefinition<State>): HandlerDefinition<State> {
  return definition;
}
