/** Says why a handler's attempts fail while they go on. A handler that fails each time would be silent until the last one. */
import { type Log, errorText } from "../log";
import type { Batch } from "./batch";

/** Changes that the handler has at once: the place of the first, and how many there are. */
export interface Given {
  topic: string;
  partition: number;
  offset: string;
  changes: number;
}

export interface FailingOptions {
  log: Pick<Log, "warn">;
  attempts: number;
  /** Monotonic ms. */
  now(): number;
}

/** So often the log has such a line, in ms. Where each change fails at first, there would be one for each. */
const QUIET_MS = 10_000;

export class Failing {
  /** What goes on, by topic and partition. */
  private readonly told = new Map<string, string>();
  private saidAt = -Infinity;
  private unsaid = 0;

  constructor(private readonly options: FailingOptions) {}

  /** An attempt has failed. @param attempt from 1; the last one of a single change is told by whoever gives it up */
  failed(of: Pick<Batch, "topic" | "partition">, given: Given, attempt: number, error: unknown): void {
    const { attempts } = this.options;
    const isLast = attempt >= attempts;
    const isMany = given.changes > 1;
    if (isLast && !isMany) return;
    const what = isMany ? `${given.changes} changes` : "a change";
    const then = isMany ? `gets them ${isLast ? "one by one" : "again"}` : "gets it again";
    const text = `the handler failed at ${what} (attempt ${attempt} of ${attempts}) and ${then}: ${errorText(error)}`;
    this.told.set(nameOf(of), `${given.topic}/${given.partition} offset ${given.offset}: ${text}`);
    if (attempt === 1 || isLast) this.say(text, given);
  }

  /** The handler is done with what it failed at, or it was given up on. */
  over(of: Pick<Batch, "topic" | "partition">): void {
    this.told.delete(nameOf(of));
  }

  /** What goes on, in words; null: nothing fails. */
  now(): string | null {
    const [first] = this.told.values();
    return first ?? null;
  }

  private say(text: string, { topic, partition, offset }: Given): void {
    const now = this.options.now();
    if (now - this.saidAt < QUIET_MS) return void this.unsaid++;
    const others = this.unsaid === 0 ? "" : ` (and ${this.unsaid} more since the last such line)`;
    this.options.log.warn(`${text}${others}`, { topic, partition, offset });
    this.saidAt = now;
    this.unsaid = 0;
  }
}

function nameOf({ topic, partition }: Pick<Batch, "topic" | "partition">): string {
  return `${topic}/${partition}`;
}
