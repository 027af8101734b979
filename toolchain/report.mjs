// The set-up's output: one line for each step, with progress while the step takes long.
import { existsSync, readFileSync } from "node:fs";

const TICK_ON_TERMINAL = 1_000;
const TICK_ELSEWHERE = 15_000;

/** Error of a set-up that cannot go on: what is wrong, where its log is, and what to do. */
export class SetUpError extends Error {
  /** @param {{ problem: string, log?: string, remedy?: string }} told */
  constructor({ problem, log, remedy }) {
    super(problem);
    this.name = "SetUpError";
    this.log = log;
    this.remedy = remedy;
  }
}

/** @param {NodeJS.WriteStream} stream */
export function reporter(stream) {
  const terminal = Boolean(stream.isTTY);
  const atWork = new Map();
  const clear = "\r\x1b[2K";
  const line = (text) => stream.write(`${terminal ? clear : ""}${text}\n`);
  /** On a terminal, the last line has all steps that are at work. */
  const showAll = () => {
    const text = [...atWork].map(([title, begun]) => `${title} … ${whole(begun)}`).join("; ");
    stream.write(clear + text.slice(0, Math.max((stream.columns ?? 80) - 1, 0)));
  };
  return {
    line,
    /** Runs `work`, and prints what it is and then how long it took. Several may run at a time. Rethrows its error. */
    async step(title, work) {
      const begun = Date.now();
      atWork.set(title, begun);
      if (terminal) showAll();
      const tick = terminal ? showAll : () => line(`  … ${title}: ${whole(begun)}`);
      const ticking = setInterval(tick, terminal ? TICK_ON_TERMINAL : TICK_ELSEWHERE);
      try {
        const result = await work();
        line(`${title} (${took(begun)})`);
        return result;
      } finally {
        clearInterval(ticking);
        atWork.delete(title);
        if (terminal) showAll();
      }
    },
  };
}

/** "0.6 s", "4 min 10 s". */
export function took(begun, now = Date.now()) {
  const seconds = (now - begun) / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function whole(begun) {
  return took(begun).replace(/\.\d/, "");
}

/**
 * The text of a failure: what failed, where its log is, its last lines, what to do.
 *
 * @param {SetUpError} failure
 */
export function failureText({ message, log, remedy }) {
  const lines = [`Set-up failed: ${message}`];
  if (log && existsSync(log))
    lines.push(`Log: ${log}`, ...lastLines(readFileSync(log, "utf8")).map((text) => `  | ${text}`));
  if (remedy) lines.push(`What to do: ${remedy}`);
  return lines.join("\n");
}

function lastLines(text, count = 8) {
  return text
    .split(/[\r\n]+/)
    .filter((each) => each.trim())
    .slice(-count);
}
