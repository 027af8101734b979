/** A run with a stack of its own, which is taken away whatever happens. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Lock } from "../processes/lock";

/** What is run. */
interface Session<Results> {
  run(): Promise<Results>;
  /** Ends what is under way. */
  abort(reason: Error): void;
  /** Takes away what was started. */
  clear(): Promise<void>;
}

/** How long to wait, in milliseconds, until work that a signal interrupts has ended by itself. */
const SETTLE_MS = 20_000;

/** @returns the code to end with: what `report` says of the results, or a signal's */
export async function runSession<Results>(
  session: Session<Results>,
  lock: Lock,
  report: (results: Results) => number,
): Promise<number> {
  const signalled = untilSignal((reason) => session.abort(reason));
  const running = session.run();
  // Ctrl-C reaches what this process started as well, and its failure may be told before the signal is.
  const told = running.catch(async (error: unknown) => {
    await sleep(100);
    throw error;
  });
  try {
    const results = await Promise.race([told, signalled]);
    if (typeof results !== "number") return report(results);
    // Nothing may be started while the stack is removed.
    const settled = new AbortController();
    const longest = sleep(SETTLE_MS, undefined, settled);
    await Promise.race([running.catch(() => undefined), longest]);
    settled.abort();
    return results;
  } finally {
    await session.clear();
    lock.release();
  }
}

/** One Ctrl-C may come twice, from the terminal and from npm. A second signal counts only after so many milliseconds. */
const SAME_SIGNAL_MS = 2000;

/** Resolves with the code to end with, once a signal has ended what was under way. A second one ends this at once. */
function untilSignal(abort: (reason: Error) => void): Promise<number> {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  let first = 0;
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(codes)) {
      process.on(signal, () => {
        if (first !== 0 && Date.now() - first > SAME_SIGNAL_MS) process.exit(code);
        if (first !== 0) return;
        first = Date.now();
        process.stderr.write(`\n${signal}: taking away what was started\n`);
        abort(new Error(`ended by ${signal}`));
        resolve(code);
      });
    }
  });
}
