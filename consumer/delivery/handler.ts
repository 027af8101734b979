import type { Change } from "../change/change-event";
import type { Arrival } from "../change/change-json";
import type { Log } from "../log";

/** What the handler may use beside the change itself. */
export interface Context extends Arrival {
  log: Log;
  /** 1 for the first attempt, then 2, … */
  attempt: number;
  /** Aborts when nobody waits for this attempt any more: it took too long, the consumer stops, or another one reads the table. */
  readonly signal: AbortSignal;
  /**
   * Has the change written to the standard output as LOG_FORMAT says, once, when the handler is done with it: the line has the
   * id that the change then gets. An attempt that fails writes none.
   */
  print(change: Change): void;
}

export type Handler = (change: Change, context: Context) => void | Promise<void>;
