/** `npm run bench`: what the pipeline costs and how fast it is, beside two others. See docs/performance.md. */
import { writeFileSync } from "node:fs";
import { type BenchOptions, HELP, parseOptions } from "./bench-options";
import { type Results, Session } from "./bench-session";
import { summarize } from "./report/summary";
import { picture } from "./report/svg";
import { table } from "./report/summary-table";
import { Lock } from "../commands/processes/lock";
import { runMain } from "../commands/terminal/main";
import { runSession } from "../commands/stack/session-run";
import { UsageError } from "../commands/terminal/usage";

async function main(): Promise<number> {
  const options = given();
  if (typeof options === "number") return options;
  const lock = Lock.take("benchmark", "dist/bench/lock");
  const session = new Session(
    options,
    (line) => void process.stderr.write(`${line}\n`),
    (results) => save(options, results),
  );
  return runSession(session, lock, (results) => {
    save(options, results);
    report(options, results);
    return results.failures.length > 0 ? 1 : 0;
  });
}

function save({ json }: BenchOptions, results: Results): void {
  if (!json) return;
  const summary = summarize(results.samples).map(({ figure, ...row }) => ({ ...figure, ...row }));
  writeFileSync(json, `${JSON.stringify({ ...results, summary }, null, 2)}\n`);
}

function report({ svg }: BenchOptions, { machine, samples, failures, seconds }: Results): void {
  const rows = summarize(samples);
  const { cores, memoryGiB, docker, compose, date } = machine;
  const place = [`${cores} cores`, `${memoryGiB} GiB`, `Docker ${docker}`, ...(compose ? [compose] : []), date].join(
    ", ",
  );
  console.log(`\n${place}; took ${(seconds / 60).toFixed(1)} minutes\n\n${table(rows)}`);
  for (const { contestant, round, message } of failures) {
    console.log(`\nRound ${round} of ${contestant} was given up: ${message}`);
  }
  if (svg) writeFileSync(svg, picture(rows, place));
}

/** The options, or the code to end with. */
function given(): BenchOptions | number {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options) return options;
    process.stdout.write(HELP);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

// A request that is still open must not keep a finished run alive.
runMain(() => main().finally(() => setTimeout(() => process.exit(), 1000).unref()));
