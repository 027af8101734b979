/** One call of the handler: what it is given, and what it asked for. */
import type { ChangeJson } from "../api";
import type { Change } from "../change/change-event";
import { type Observation, changeToText, withId } from "../change/change-json";
import type { Log } from "../log";
import type { Context } from "./handler";

export class Attempt implements Context, Observation {
  /** 0 until the handler is done. */
  id = 0;
  private printed: Change | null = null;

  constructor(
    readonly lagMs: number | null,
    readonly duplicate: ChangeJson["duplicate"] | undefined,
    readonly attempt: number,
    readonly log: Log,
    private readonly logFormat: "json" | "text",
    /** The change's JSON but for its id. */
    readonly body: string,
  ) {}

  /** The next attempt at the same change. */
  again(): Attempt {
    return new Attempt(this.lagMs, this.duplicate, this.attempt + 1, this.log, this.logFormat, this.body);
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
    return withId(this.id, this.body);
  }

  private write(change: Change, json: string): void {
    this.log.line(this.logFormat === "json" ? json : changeToText(change, this));
  }
}
