/**
 * `npm run mishaps`: does what may happen to a laptop between two starts, and checks that one `npm start` goes on from there. See
 * docs/troubleshooting.md.
 */
import { Lock } from "./processes/lock";
import { runMain } from "./terminal/main";
import { HELP, parseOptions } from "./mishaps/mishaps-options";
import { isGood, listOf, report } from "./mishaps/mishaps-report";
import { Session } from "./mishaps/mishaps-session";
import { runSession } from "./stack/session-run";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), Date.now() % 100_000);
  if (options === undefined || options.list) {
    process.stdout.write(options === undefined ? HELP : `${listOf(options.mishaps)}\n`);
    return 0;
  }
  const lock = Lock.take("run of mishaps", "dist/mishaps.lock");
  const session = new Session({ ...options, purpose: "mishaps" }, (line) => void process.stderr.write(`${line}\n`));
  return runSession(session, lock, (rounds) => {
    process.stdout.write(
      `${options.json ? JSON.stringify({ seed: options.seed, rounds }, undefined, 2) : report(rounds, options.seed)}\n`,
    );
    return isGood(rounds, options.rounds) ? 0 : 1;
  });
}

runMain(main);
