/** Types of a mishap: what may happen to a stack between two starts. */
import type { Random } from "../chaos/random";

/** The stack to which a mishap is done. */
export interface Place {
  /** Name of the Docker object that ends with `role`. */
  named(role: string): string;
  /** The label of all objects of the stack in the engine. */
  label: string;
  docker(...args: string[]): Promise<string>;
  /** Runs `npm start` or `npm stop`, and kills it after so many ms: only the command itself, or also all that it has started. */
  killed(command: "start" | "stop", afterMs: number, withAll: boolean): Promise<void>;
  /** Replaces the state by an empty one, as after `git clean`. */
  forget(): Promise<void>;
  /** Changes the ids of containers and networks in the state to ids that the engine does not have. */
  changeIds(): Promise<void>;
}

/** A mishap with its random choices made. */
export interface Stroke {
  /** The target, or another random choice: `kafka and connect`, `2.4 s`. Empty where there is no choice. */
  target: string;
  happen(place: Place): Promise<void>;
}

export interface Mishap {
  name: string;
  /** One sentence that says what the mishap does. */
  what: string;
  /** Whether it may remove the database's volume. */
  takesRows: boolean;
  /** The command that `npm start` tells a person to run. @default none: it goes on by itself */
  asks?: RecoveryCommand;
  plan(random: Random): Stroke;
}

/** Commands that a person may be told to run. */
export type RecoveryCommand = "npm stop" | "npm start -- --take-over" | "npm start -- --yes";
