import { TABLE_HELP, tablesOption } from "../terminal/table-option";
import { readArguments, stackOption, UsageError } from "../terminal/usage";

export const HELP = `Compares each captured table with what its topic tells, at one moment, while the application goes on writing.

  npm run verify -- [options]

${TABLE_HELP} (default: all)
  --timeout 60s  how long the slot may stand still before that moment, and a worker take to start, 1s to 1h
  --stack NAME   another stack than the selected one
  --json         the result as JSON, for scripts
  --help         this text

Ends with 0 when all are equal, with 1 when one differs or cannot be told, with 2 for a wrong argument.
`;

export interface VerifyOptions {
  /** Tables as `schema.table`, with the database's spelling; empty for all tables. */
  tables: string[];
  timeoutMs: number;
  stack: string | undefined;
  json: boolean;
}

/** Undefined when help is asked for. @throws UsageError */
export function parseOptions(args: string[]): VerifyOptions | undefined {
  const { values } = readArguments({
    args,
    options: {
      table: { type: "string", multiple: true },
      timeout: { type: "string" },
      stack: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  return {
    tables: tablesOption(values.table),
    timeoutMs: timeout(values.timeout ?? "60s"),
    stack: stackOption(values.stack),
    json: values.json ?? false,
  };
}

function timeout(given: string): number {
  const [, count, unit] = /^(\d{1,4})([smh])$/.exec(given) ?? [];
  const ms = Number(count) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as "s"]!;
  if (!(ms >= 1000 && ms <= 3_600_000))
    throw new UsageError(`--timeout is "${given}"; allowed is 1s to 1h, as in 90s or 5m`);
  return ms;
}
