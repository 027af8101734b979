import { type Paint, paintFor } from "../paint";
import { reasonOf } from "./answer";
import { UsageError } from "../usage";

/** Prints what `main` says and ends the process with its code; a wrong argument is told in its sentence, with 2. */
export function runLook(main: (paint: Paint) => Promise<{ text: string; code: number }>): void {
  main(paintFor(process.stdout)).then(
    // What hangs has been given up, and is not waited for.
    ({ text, code }) => process.stdout.write(text, () => process.exit(code)),
    (error: unknown) => {
      process.stderr.write(`${reasonOf(error)}\n`);
      process.exit(error instanceof UsageError ? 2 : 1);
    },
  );
}
