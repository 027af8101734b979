import { didYouMean } from "../../components/nearest";
import { memberIndex } from "../../components/cluster/members";
import { SERVICES } from "../look/containers-look";
import { readArguments, stackOption, UsageError } from "../terminal/usage";

export const HELP = `Shows what the containers log, in the order of time, each line with its container's name.

  npm run logs -- [containers] [options]

  containers      only these: ${SERVICES.join(", ")} (default: all);
                  of several, one has its number: kafka-2
  --since TIME    from then on: 90s, 10m, 2h, 2026-01-02T12:00:00Z, or all (default 10m)
  --grep PATTERN  only lines that this regular expression matches, case ignored
  --follow, -f    go on with what comes, until Ctrl-C
  --stack NAME    another stack than the selected one
  --json          one JSON object a line: service, at, text
  --help          this text

Times are when the engine got the line, in this machine's zone; with --json in UTC.
`;

export interface LogOptions {
  /** Names of services, which mean all containers of the service, and names of single containers. */
  services: string[];
  /** As `docker logs` takes it; undefined: from the beginning. */
  since: string | undefined;
  grep: RegExp | undefined;
  follow: boolean;
  stack: string | undefined;
  json: boolean;
}

/** Undefined when help is asked for. @throws UsageError */
export function parseOptions(args: string[]): LogOptions | undefined {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      since: { type: "string" },
      grep: { type: "string" },
      follow: { type: "boolean", short: "f" },
      stack: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  return {
    services: positionals.length === 0 ? [...SERVICES] : [...new Set(positionals.map(service))],
    since: since(values.since ?? "10m"),
    grep: values.grep === undefined ? undefined : pattern(values.grep),
    follow: values.follow ?? false,
    stack: stackOption(values.stack),
    json: values.json ?? false,
  };
}

function service(given: string): string {
  if (SERVICES.some((each) => memberIndex(each, given) !== undefined)) return given;
  throw new UsageError(
    `There is no container "${given}"; allowed are ${SERVICES.join(", ")}.${didYouMean(given, SERVICES)}`,
  );
}

function since(given: string): string | undefined {
  if (given === "all") return undefined;
  if (/^(\d+(ms|s|m|h))+$/.test(given)) return given;
  // Other forms of a time that Node understands mean something else to the engine, or nothing.
  if (/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(given)) return given;
  throw new UsageError(`--since is "${given}"; allowed are 90s, 10m, 2h, a time such as 2026-01-02T12:00:00Z, and all`);
}

function pattern(given: string): RegExp {
  try {
    return new RegExp(given, "i");
  } catch (error) {
    throw new UsageError(`--grep is "${given}", which is no regular expression: ${(error as Error).message}`);
  }
}
