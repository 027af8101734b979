/** `npm run chaos`: measures what the pipeline loses and repeats when its parts break, and when it needs help. See docs/reliability.md. */
import { writeFileSync } from "node:fs";
import { type ChaosOptions, HELP, parseOptions } from "./chaos/chaos-options";
import { isGood, type Results } from "./chaos/chaos-results";
import { picture } from "./chaos/report/picture";
import { readResults, recordedReport } from "./chaos/report/recorded";
import { headOf, listOf, report } from "./chaos/report/report";
import { Session } from "./chaos/chaos-session";
import { Lock } from "./processes/lock";
import { runMain } from "./terminal/main";
import { runSession } from "./stack/session-run";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), Date.now() % 100_000);
  if (options === undefined || options.list) {
    process.stdout.write(options === undefined ? HELP : `${listOf(options.faults)}\n`);
    return 0;
  }
  if (options.recorded !== undefined) return tell(options, readResults(options.recorded));
  const lock = Lock.take("run of chaos", "dist/chaos.lock");
  const session = new Session(options, (line) => void process.stderr.write(`${line}\n`));
  return runSession(session, lock, (results) => tell(options, [results]));
}

/** @returns the exit code */
function tell({ json, svg, recorded }: ChaosOptions, runs: readonly Results[]): number {
  const text = recorded === undefined ? report(runs[0]!) : recordedReport(runs);
  process.stdout.write(`${json ? JSON.stringify(recorded === undefined ? runs[0] : runs, undefined, 2) : text}\n`);
  if (svg !== undefined)
    writeFileSync(
      svg,
      picture(
        runs.flatMap(({ faults }) => faults),
        runs.map(headOf),
      ),
    );
  return runs.every(isGood) ? 0 : 1;
}

// A session that waits for the database must not keep a finished run alive.
runMain(() => main().finally(() => setTimeout(() => process.exit(), 1000).unref()));
