/** Ctrl-C, and what a supervisor sends in its place, while something is under way that is to end in good order. */

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
export type Signal = (typeof SIGNALS)[number];

/** As shells have it for Ctrl-C. */
export const INTERRUPTED = 130;

let first: Signal | undefined;

/** The signal that came first; undefined: none came. What is run anew after a failure is not to be run then. */
export function endedBy(): Signal | undefined {
  return first;
}

/** What is said where a signal has ended a command: Pulumi may call a run that it was told to give up a whole one. */
export function endedText(command: string): string | undefined {
  return first && `\nEnded by ${first}. \`${command}\` goes on from here.`;
}

/** Does the work, and has a signal told to it instead of ending this process. */
export async function heeding<T>(heed: (signal: Signal) => void, work: () => Promise<T>): Promise<T> {
  const told = (signal: Signal): void => {
    first ??= signal;
    heed(signal);
  };
  for (const signal of SIGNALS) process.on(signal, told);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, told);
  }
}
