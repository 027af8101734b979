/** What happens to a stack between two starts. */
import type { Random } from "../chaos/random";

/** What it happens to. */
export interface Place {
  /** Name of the Docker object with that last part. */
  named(role: string): string;
  /** All that the engine has of the stack. */
  label: string;
  docker(...args: string[]): Promise<string>;
  /** Runs `npm start` or `npm stop`, and kills it after so many ms: alone, or with all that it has started. */
  killed(command: "start" | "stop", afterMs: number, withAll: boolean): Promise<void>;
  /** The state is a new one, as after `git clean`. */
  forget(): Promise<void>;
  /** The state knows containers and networks by ids that the engine has not. */
  changeIds(): Promise<void>;
}

/** One of them with all that chance decides. */
export interface Stroke {
  /** What it is done to: `kafka and connect`, `2.4 s`. Empty where the name says it all. */
  target: string;
  happen(place: Place): Promise<void>;
}

export interface Mishap {
  name: string;
  /** One sentence: what is done. */
  what: string;
  /** Whether the database's volume may go with it. */
  takesRows: boolean;
  /** The command that `npm start` names when it has to be asked for more. @default none: it goes on by itself */
  asks?: RecoveryCommand;
  plan(random: Random): Stroke;
}

/** What a person may be told to do. */
export type RecoveryCommand = "npm stop" | "npm start -- --take-over";
