/** Ctrl-C, and what a supervisor sends in its place, while something is under way that is to end in good order. */

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
export type Signal = (typeof SIGNALS)[number];

/** Exit code of a command that Ctrl-C ended, as shells have it. */
export const INTERRUPTED = 130;

let first: Signal | undefined;

/** The signal that came first; undefined: none came. After a signal, a failed run is not repeated. */
export function endedBy(): Signal | undefined {
  return first;
}

/** The message after a signal has ended a command: Pulumi may report a run that was told to stop as complete. */
export function endedText(command: string): string | undefined {
  return first && `\nEnded by ${first}. \`${command}\` goes on from here.`;
}

/** After a signal, where the command would go on with its next step. */
export class EndedError extends Error {}

/** Stands before each further step: a signal that a program or the CLI has heeded ends the command too. @throws EndedError after a signal */
export function rejectEnded(): void {
  if (first !== undefined) throw new EndedError(`\nEnded by ${first}. The same command goes on from here.`);
}

/** Does the work. A signal that comes meanwhile does not end this process: `heed` gets it. */
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
