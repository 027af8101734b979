/** What a handler is and may use: the types for code of your own. */
import type { Change } from "../change/change-event";
import type { Arrival } from "../change/change-json";
import type { Log } from "../log";

/** What one and many changes have in common. */
interface CommonContext {
  log: Log;
  /** 1 for the first attempt, then 2, … */
  attempt: number;
  /**
   * Aborts when nobody waits for this attempt any more: it took too long, the consumer stops, or another one reads the table. Not after its
   * end: what it began and did not wait for has to end by itself.
   */
  readonly signal: AbortSignal;
  /**
   * Has the change written to the standard output as LOG_FORMAT says, once, when the handler is done with it: the line has the
   * id that the change then gets. An attempt that fails writes none.
   */
  print(change: Change): void;
}

/** What the handler may use beside the change itself. */
export interface Context extends Arrival, CommonContext {}

/** What the handler of many may use beside the changes themselves. */
export interface BatchContext extends CommonContext {
  /** How long a change of this batch took to get here, and whether it was here before. */
  arrivalOf(change: Change): Arrival;
}

export type Handler = (change: Change, context: Context) => void | Promise<void>;

/** Changes of one partition, in order. */
export type BatchHandler = (changes: readonly Change[], context: BatchContext) => void | Promise<void>;

interface Life<State> {
  /**
   * Runs before the first change, and is waited for; what it returns is given to the others. When it fails the process ends with
   * exit code 1, and the container starts it again.
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
   * Gets all changes of a fetch from one partition, in order. Offsets are committed after it is done. A batch that fails at every
   * attempt is tried again change by change, so that only those go to the dead letters which fail alone.
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
