/** `npm run bench`: what the pipeline costs and how fast it is, beside two others. See docs/performance.md. */
import { writeFileSync } from "node:fs";
import { HELP, parseOptions, type BenchOptions } from "./bench/options";
import { Ours } from "./bench/ours";
import { playRound } from "./bench/round";
import { FULL, QUICK, type Sample } from "./bench/run";
import { runMain } from "./main";
import { UsageError } from "./watch/options";

async function main(): Promise<number> {
  const options = given();
  if (typeof options === "number") return options;
  const stop = new AbortController();
  const contestants = [new Ours(stop.signal)].filter(({ name }) => options.only.includes(name));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      stop.abort(new Error(`ended by ${signal}`));
      process.stderr.write(`\n${signal}: taking away what was started\n`);
      void Promise.allSettled(contestants.map((each) => each.remove())).then(() => process.exit(130));
    });
  }
  const samples: Sample[] = [];
  const start = performance.now();
  const say = (text: string): void => {
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
  };
  for (let round = 1; round <= options.rounds; round++) {
    for (const contestant of contestants) {
      await playRound(contestant, {
        round,
        measures: new Set(options.measures),
        durations: options.quick ? QUICK : FULL,
        signal: stop.signal,
        say,
        keep: (sample) => samples.push(sample),
      });
    }
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ samples }, null, 2)}\n`);
  for (const { contestant, figure, value } of samples) console.log(contestant, figure, value);
  return 0;
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

runMain(main);
