/** `npm run chaos`: what the pipeline loses, repeats and needs help with when its parts break. See docs/reliability.md. */
import { HELP, parseOptions } from "./chaos/chaos-options";
import { listOf, report } from "./chaos/chaos-report";
import { isGood } from "./chaos/chaos-results";
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
  const lock = Lock.take("run of chaos", "dist/chaos.lock");
  const session = new Session(options, (line) => void process.stderr.write(`${line}\n`));
  return runSession(session, lock, (results) => {
    process.stdout.write(`${options.json ? JSON.stringify(results, undefined, 2) : report(results)}\n`);
    return isGood(results) ? 0 : 1;
  });
}

// A session that waits for the database must not keep a finished run alive.
runMain(() => main().finally(() => setTimeout(() => process.exit(), 1000).unref()));
