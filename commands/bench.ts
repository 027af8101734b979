/** `npm run bench`: what the pipeline costs and how fast it is, beside two others. See docs/performance.md. */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Lock } from "./bench/lock";
import { type BenchOptions, HELP, parseOptions } from "./bench/options";
import { type Results, Session } from "./bench/session";
import { summarize } from "./bench/summary";
import { picture } from "./bench/svg";
import { table } from "./bench/table";
import { runMain } from "./main";
import { UsageError } from "./usage";

async function main(): Promise<number> {
  const options = given();
  if (typeof options === "number") return options;
  const lock = Lock.take();
  const session = new Session(
    options,
    (line) => void process.stderr.write(`${line}\n`),
    (results) => save(options, results),
  );
  const signalled = untilSignal(session);
  const running = session.run();
  // Ctrl-C reaches what this process started as well, and its failure may be told before the signal is.
  const told = running.catch(async (error: unknown) => {
    await sleep(100);
    throw error;
  });
  try {
    const results = await Promise.race([told, signalled]);
    if (typeof results !== "number") {
      save(options, results);
      report(options, results);
      return results.failures.length > 0 ? 1 : 0;
    }
    // What is under way ends by itself in a moment; nothing may be started beside the taking away.
    await Promise.race([running.catch(() => undefined), sleep(SETTLE_MS)]);
    return results;
  } finally {
    await session.clear();
    lock.release();
  }
}

const SETTLE_MS = 20_000;

/** A signal to the whole group and one passed on by npm come as two: the second counts after so long. */
const SAME_SIGNAL_MS = 2000;

/** Resolves with the code to end with, once a signal has ended what was under way. A second one ends this at once. */
function untilSignal(session: Session): Promise<number> {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  let first = 0;
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(codes)) {
      process.on(signal, () => {
        if (first !== 0 && Date.now() - first > SAME_SIGNAL_MS) process.exit(code);
        if (first !== 0) return;
        first = Date.now();
        process.stderr.write(`\n${signal}: taking away what was started\n`);
        session.abort(new Error(`ended by ${signal}`));
        resolve(code);
      });
    }
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
