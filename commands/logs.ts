/** `npm run logs`: what the containers log, as one stream. */
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
  const [there, missing] = [true, false].map((wanted) =>
    containers.filter(
      ({ service, role, state }) =>
        (services.includes(service) || services.includes(role)) && (state !== "missing") === wanted,
    ),
  ) as [typeof containers, typeof containers];
  // In the order of the options, so that the error names the first one that does not exist.
  const unknown = services.find((wanted) => !containers.some(({ service, role }) => [service, role].includes(wanted)));
  if (unknown !== undefined && services.length < SERVICES.length) {
    const why = unknown === "zookeeper" ? ": its broker keeps its metadata itself (cdc:coordination kraft)" : "";
    throw new Error(`The stack ${prefix} has no ${unknown}${why}.`);
  }
  if (there.length === 0)
    throw new Error(`There is no container of the stack ${prefix} to read from. Start it with \`npm start\`.`);
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
  for (const { name } of missing) output.notice(`There is no container ${name}`);
  const now = new Date().toISOString();
  await history(there, since, now, output);
  if (options.follow) await follow(there, now, output);
  return 0;
}

process.on("exit", endAll);
runStream(main, reasonOf);
