/** `npm run logs`: what the containers log, as one stream. */
import { containersToRead } from "./logs/containers-to-read";
import { HELP, parseOptions } from "./logs/logs-options";
import { logLine, type LogLine } from "./logs/log-line";
import { endAll, follow, history, type LogOutput } from "./logs/streams";
import { SERVICES } from "./look/containers-look";
import { containersOf } from "./look/stack-look";
import { reasonOf } from "./look/answer";
import { paintFor } from "./terminal/paint";
import { runStream } from "./terminal/stream-main";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const { stdout, stderr } = process;
  if (options === undefined) {
    stdout.write(HELP);
    return 0;
  }
  const { services, since, grep, stack, json } = options;
  const { prefix, containers } = await containersOf(stack);
  const { there, notices } = containersToRead(prefix, containers, services);
  const paint = paintFor(stdout);
  const width = Math.max(...there.map(({ role }) => role.length), ...SERVICES.map(({ length }) => length));
  const output: LogOutput = {
    line: (line: LogLine) => {
      if (grep && !grep.test(line.text)) return undefined;
      const more = stdout.write(`${json ? JSON.stringify(line) : logLine(line, paint, width)}\n`);
      return more ? undefined : new Promise((resolve) => stdout.once("drain", resolve));
    },
    notice: (text) => void stderr.write(`${paintFor(stderr)("dim", text)}\n`),
  };
  for (const notice of notices) output.notice(notice);
  const now = new Date().toISOString();
  await history(there, since, now, output);
  if (options.follow) await follow(there, now, output);
  return 0;
}

process.on("exit", endAll);
runStream(main, reasonOf);
