/** `npm run watch`: the feed in the terminal. */
import { paintFor } from "./terminal/paint";
import { runStream } from "./terminal/stream-main";
import { HELP, parseOptions } from "./watch/watch-options";
import { stackUrl } from "./watch/stack-url";
import { watch } from "./watch/watch-feed";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const { stdout, stderr } = process;
  const notice = (text: string) => void stderr.write(`${paintFor(stderr)("dim", text)}\n`);
  await watch(
    options.url ?? (await stackUrl(notice)),
    options,
    {
      line: (text) => void stdout.write(`${text}\n`),
      notice,
      drained: () =>
        stdout.writableNeedDrain ? new Promise<void>((resolve) => stdout.once("drain", resolve)) : undefined,
    },
    paintFor(stdout),
    new AbortController().signal,
  );
  return 0;
}

runStream(main);
