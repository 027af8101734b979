import { codeOf, messageOf } from "./failure";
import { failWhileOpen } from "./while-open";

/**
 * Runs `main` and ends the process with its code. An error is printed as its message only, without a stack. The code is then 1, for a wrong
 * argument 2, and after a signal 130.
 */
export function runMain(main: () => Promise<number | void>): void {
  // The reader, as in `npm start | head`, has closed the pipe. The command still goes on to its end, so that it leaves nothing half-made.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const done = failWhileOpen();
  const ended = main().finally(done);
  ended.then(
    (code) => (process.exitCode = code ?? 0),
    (error: unknown) => {
      process.stderr.write(`${messageOf(error)}\n`);
      process.exitCode = codeOf(error);
    },
  );
}
