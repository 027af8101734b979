/** One Ctrl-C may come twice, from the terminal and from npm. A second signal counts only after so many milliseconds. */
const SAME_SIGNAL_MS = 2000;
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Resolves with the code to end with, once a signal has come. A second one ends this at once. */
export function untilSignal(): Promise<number> {
  let first = 0;
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(CODES)) {
      process.on(signal, () => {
        if (first !== 0 && Date.now() - first > SAME_SIGNAL_MS) process.exit(code);
        if (first !== 0) return;
        first = Date.now();
        process.stderr.write(`\n${signal}: taking away what was started\n`);
        resolve(code);
      });
    }
  });
}
