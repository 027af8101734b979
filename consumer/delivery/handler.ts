import type { Change } from "../change/change-event";
import type { Arrival } from "../change/change-json";
import type { Log } from "../log";

/** What the handler may use beside the change itself. */
export interface Context extends Arrival {
  log: Log;
  /** 1 for the first attempt, then 2, … */
  attempt: number;
  /** Writes the change to the standard output as LOG_FORMAT says. */
  print(change: Change): void;
}

export type Handler = (change: Change, context: Context) => void | Promise<void>;
