/** `npm run watch`: the feed in the terminal. */
import { paintFor } from "./terminal/paint";
import { UsageError } from "./terminal/usage";
import { failWhileOpen } from "./terminal/while-open";
import { HELP, parseOptions } from "./watch/watch-options";
import { stackUrl } from "./watch/stack-url";
import { watch } from "./watch/watch-feed";

const done = failWhileOpen();
/** Ends the process where that is no failure, although something is still awaited. */
function endWell(): never {
  done();
  process.exit(0);
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
    return;
  }
  // There is nothing to finish. `on` and not `once`: where npm runs this, one Ctrl-C may arrive as two signals.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, endWell);
  const { stdout, stderr } = process;
  await watch(
    options.url ?? (await stackUrl()),
    options,
    {
      line: (text) => void stdout.write(`${text}\n`),
      notice: (text) => void stderr.write(`${paintFor(stderr)("dim", text)}\n`),
      drained: () =>
        stdout.writableNeedDrain ? new Promise<void>((resolve) => stdout.once("drain", resolve)) : undefined,
    },
    paintFor(stdout),
    new AbortController().signal,
  );
}

// `npm run watch -- --json | head` closes the pipe when it has enough: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  endWell();
});
main()
  .finally(done)
  .then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(error instanceof UsageError ? 2 : 1);
    },
  );
