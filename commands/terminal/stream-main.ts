import { codeOf, messageOf } from "./failure";
import { failWhileOpen } from "./while-open";

/**
 * Runs a command that prints until somebody ends it, and ends the process with its code. Ctrl-C and a closed pipe end it well, as there is nothing to
 * finish. An error is printed in words, without a stack; the code is then 1, and for a wrong argument 2.
 *
 * @param wordsOf an error's words. @default its message
 */
export function runStream(main: () => Promise<number>, wordsOf: (error: unknown) => string = messageOf): void {
  const done = failWhileOpen();
  const endWell = (): never => {
    done();
    process.exit(0);
  };
  // `on` and not `once`: where npm runs this, one Ctrl-C may arrive as two signals.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, endWell);
  // `npm run logs | head` closes the pipe when it has enough: that is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    endWell();
  });
  main()
    .finally(done)
    .then(
      // What a slow reader has not taken yet would be cut off.
      (code) => process.stdout.write("", () => process.exit(code)),
      (error: unknown) => {
        process.stderr.write(`${wordsOf(error)}\n`);
        process.exit(codeOf(error));
      },
    );
}
