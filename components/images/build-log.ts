/** Reads BuildKit's plain progress of one build. */
export interface BuildLog {
  /** Steps that have begun, in that order: `[2/7] RUN make`. BuildKit's own preparations are left out. */
  steps: string[];
  /** The line that was written last by a step, without its time. */
  last?: string;
  failed?: FailedStep;
}

export interface FailedStep {
  /** As above, or one of BuildKit's own: `[internal] load metadata for docker.io/library/debian:12`. */
  step: string;
  /** What it wrote last, and if that is nothing, what BuildKit says. */
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
      // Steps that are stopped because of the failure come later.
      log.failed ??= { step: names.get(number) ?? `step ${number}`, output: outputs.get(number) ?? [error] };
    } else if (rest.startsWith("[") && !names.has(number)) {
      names.set(number, rest);
      if (!rest.startsWith("[internal]")) log.steps.push(rest);
    }
  }
  return log;
}
