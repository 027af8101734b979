/**
 * The process's standard output: lines about the process, and changes. Lines are collected and written together. At thousands
 * of changes a second, a system call for each line would be most of the work.
 */
import { inspect } from "node:util";
import { LOG_LEVELS, type LogLevel } from "./log-level";

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A finished line, without the line's end. Written at the next `flush`. */
  line(text: string): void;
  /** Characters that are collected and not written yet. */
  readonly gathered: number;
  /** Writes the collected lines. The delivery calls this before offsets are committed. */
  flush(): void;
}

export type LogFields = { [name: string]: string | number | boolean | null };

/** `write` takes whole lines; `now` is ms since 1970; lines about the process below the level `least` are left out. */
export function createLog(
  format: "json" | "text",
  write: (text: string) => void,
  now: () => number,
  least: LogLevel = "info",
): Log {
  let gathered = "";
  const flush = () => {
    if (gathered === "") return;
    const text = gathered;
    gathered = "";
    write(text);
  };
  const line = (text: string) => {
    gathered += `${text}\n`;
  };
  const say = (level: "info" | "warn" | "error") => (message: string, fields?: LogFields) => {
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(least)) return;
    const time = new Date(now()).toISOString();
    line(
      format === "json" ? JSON.stringify({ time, level, message, ...fields }) : readable(time, level, message, fields),
    );
    flush();
  };
  return {
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
    line,
    flush,
    get gathered() {
      return gathered.length;
    },
  };
}

function readable(time: string, level: string, message: string, fields: LogFields = {}): string {
  const extras = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`);
  return `${time.slice(11, 23)}  ${level.padEnd(8)}  ${message}${extras.join("")}`;
}

/** Longer errors are cut: they have a whole row in them, or a whole answer of a server. */
const LONGEST_ERROR = 4_000;

/**
 * A thrown value as text. For a failed fetch or connection, it has the reason too, which is in the error's cause or in its list of errors.
 * Never throws, whatever a handler throws.
 */
export function errorText(error: unknown): string {
  const text = unlessItThrows(() => wordsOf(error, 3)) ?? "an error whose text cannot be read";
  return text.length > LONGEST_ERROR ? `${text.slice(0, LONGEST_ERROR)}…` : text;
}

/** The stack of a thrown value, if it is an error with a stack. Never throws. */
export function stackOf(error: unknown): string | undefined {
  const stack = unlessItThrows(() => (error instanceof Error && error.stack ? String(error.stack) : undefined));
  return stack?.slice(0, LONGEST_ERROR);
}

/** Reads a property of a thrown value. It may be a getter, which may throw as well. */
function unlessItThrows<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function wordsOf(error: unknown, depth: number): string {
  if (!(error instanceof Error)) {
    return typeof error === "string"
      ? error
      : inspect(error, { breakLength: Infinity, depth: 2, customInspect: false });
  }
  const inner =
    error instanceof AggregateError ? (error.errors as unknown[]) : error.cause === undefined ? [] : [error.cause];
  const own = String(error.message || (inner.length > 0 && depth > 0 ? "" : error.name));
  const further =
    depth === 0 ? [] : inner.map((each) => wordsOf(each, depth - 1)).filter((words) => !own.includes(words));
  return [own, ...new Set(further)].filter(Boolean).join(": ");
}
