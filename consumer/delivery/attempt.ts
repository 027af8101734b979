/** One call of the handler: what it is given, and what it asked for. */
import type { ChangeJson } from "../api";
import type { Change } from "../change/change-event";
import { type Observation, changeToText, withId } from "../change/change-json";
import type { Log } from "../log";
import type { Context } from "./handler";

/** What all attempts at a change share. */
export interface Task {
  lagMs: number | null;
  duplicate: ChangeJson["duplicate"] | undefined;
  log: Log;
  logFormat: "json" | "text";
  /** The change's JSON but for its id. */
  body: string;
  control: { readonly signal: AbortSignal };
}

export class Attempt implements Context, Observation {
  /** 0 until the handler is done. */
  id = 0;
  readonly lagMs: number | null;
  readonly duplicate: ChangeJson["duplicate"] | undefined;
  readonly log: Log;
  private printed: Change | null = null;
  private aborter: AbortController | undefined;

  constructor(
    private readonly task: Task,
    readonly attempt: number,
  ) {
    this.lagMs = task.lagMs;
    this.duplicate = task.duplicate;
    this.log = task.log;
  }

  /** The next attempt at the same change. */
  again(): Attempt {
    return new Attempt(this.task, this.attempt + 1);
  }

  // A function of its own, since handlers take it out of the context.
  readonly print = (change: Change): void => {
    if (this.id === 0) this.printed = change;
    else {
      // The handler did not wait for what it began; its line must not wait for the next change's.
      this.write(change, this.json());
      this.log.flush();
    }
  };

  // Made when it is asked for: a signal for each change would cost more than all else that is done with it.
  get signal(): AbortSignal {
    this.aborter ??= new AbortController();
    return AbortSignal.any([this.task.control.signal, this.aborter.signal]);
  }

  /** Nobody waits for this attempt any more. */
  abort(reason: Error): void {
    this.aborter ??= new AbortController();
    this.aborter.abort(reason);
  }

  /**
   * The handler is done.
   *
   * @param id the change's place among all that were handled
   * @returns the change's JSON
   */
  finish(id: number): string {
    this.id = id;
    const json = this.json();
    if (this.printed !== null) this.write(this.printed, json);
    return json;
  }

  private json(): string {
    return withId(this.id, this.task.body);
  }

  private write(change: Change, json: string): void {
    this.log.line(this.task.logFormat === "json" ? json : changeToText(change, this));
  }
}
