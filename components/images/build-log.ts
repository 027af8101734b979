/** Reads BuildKit's plain progress of one build. */
export interface BuildLog {
  /** Steps that have begun, in their order: `[2/7] RUN make`. BuildKit's own preparations are left out. */
  steps: string[];
  /** The last line that a step has written, without its time. */
  last?: string;
  failed?: FailedStep;
}

export interface FailedStep {
  /** A step as above, or one of BuildKit's own: `[internal] load metadata for docker.io/library/debian:12`. */
  step: string;
  /** The last lines that the step wrote; if it wrote none, BuildKit's error. */
  output: string[];
}

const MOST_LINES = 20;

/** Pure: reads a log as far as it is written. Steps that run at the same time write in turns, each line with its step's number. */
export function readBuildLog(text: string): BuildLog {
  const names = new Map<string, string>();
  const outputs = new Map<string, string[]>();
  const log: BuildLog = { steps: [] };
  for (const line of text.split(/\r?\n/)) {
    const [, number = "", rest = ""] = /^#(\d+) (.*)$/.exec(line) ?? [];
    const [, output] = /^\d+\.\d+ (.*)$/.exec(rest) ?? [];
    const [, error] = /^ERROR: (.*)$/.exec(rest) ?? [];
    if (output !== undefined) {
      outputs.set(number, [...(outputs.get(number) ?? []), output].slice(-MOST_LINES));
      log.last = output;
    } else if (error !== undefined) {
      // The first error counts: later ones are of steps that were stopped because of it.
      log.failed ??= { step: names.get(number) ?? `step ${number}`, output: outputs.get(number) ?? [error] };
    } else if (rest.startsWith("[") && !names.has(number)) {
      names.set(number, rest);
      if (!rest.startsWith("[internal]")) log.steps.push(rest);
    }
  }
  return log;
}
