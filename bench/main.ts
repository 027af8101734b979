/** `npm run bench`: measures what the pipeline costs and how fast it is, beside others. See docs/performance.md. */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type BenchOptions, HELP, parseOptions, UsageError } from "./bench-options";
import { type Results, Session } from "./bench-session";
import { takeLock } from "./machine/lock";
import { untilSignal } from "./machine/signals";
import { failWhileOpen } from "./machine/while-open";
import { comparisonTable } from "./report/comparison";
import { summarize } from "./report/summary";
import { table } from "./report/summary-table";
import { picture } from "./report/svg";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (!options) {
    process.stdout.write(HELP);
    return 0;
  }
  const release = takeLock("dist/bench/lock");
  const session = new Session(
    options,
    (line) => void process.stderr.write(`${line}\n`),
    (results) => save(options, results),
  );
  try {
    const ended = await Promise.race([told(session.run()), untilSignal()]);
    if (typeof ended === "number") {
      await session.abort(new Error("ended by a signal"));
      return ended;
    }
    save(options, ended);
    report(options, ended);
    return ended.failures.length > 0 ? 1 : 0;
  } finally {
    await session.clear();
    release();
  }
}

/** Ctrl-C also reaches the processes that this one started, and one of them may report its failure before the signal comes. */
function told(running: Promise<Results>): Promise<Results> {
  return running.catch(async (error: unknown) => {
    await sleep(100);
    throw error;
  });
}

function save({ json }: BenchOptions, results: Results): void {
  if (!json) return;
  const summary = summarize(results.samples).map(({ figure, ...row }) => ({ ...figure, ...row }));
  writeFileSync(json, `${JSON.stringify({ ...results, summary }, null, 2)}\n`);
}

function report({ svg }: BenchOptions, { machine, against, samples, failures, seconds }: Results): void {
  const rows = summarize(samples);
  const { cores, memoryGiB, docker, compose, date } = machine;
  const place = [`${cores} cores`, `${memoryGiB} GiB`, `Docker ${docker}`, ...(compose ? [compose] : []), date].join(
    ", ",
  );
  const text = against ? comparisonTable(rows, against.name) : table(rows);
  console.log(`\n${place}; took ${(seconds / 60).toFixed(1)} minutes\n\n${text}`);
  for (const { contestant, round, message } of failures) {
    console.log(`\nRound ${round} of ${contestant} was given up: ${message}`);
  }
  if (svg) writeFileSync(svg, picture(rows, place));
}

const done = failWhileOpen();
main()
  .finally(done)
  .then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`${(error as Error).message}\n`);
      process.exitCode = error instanceof UsageError ? 2 : 1;
    },
  )
  // A request that is still open must not keep a finished process alive.
  .finally(() => setTimeout(() => process.exit(), 1000).unref());
