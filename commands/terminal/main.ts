import { UsageError } from "./usage";

/** Ends the process with the code that `main` gives; an error is told in its own words, without a stack, and ends it with 1, a wrong argument with 2. */
export function runMain(main: () => Promise<number | void>): void {
  // `npm start | head` has seen enough: what was begun is finished all the same, so that nothing is left half-made.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  main().then(
    (code) => (process.exitCode = code ?? 0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = error instanceof UsageError ? 2 : 1;
    },
  );
}
