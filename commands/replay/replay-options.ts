import { TABLE_HELP, tablesOption } from "../terminal/table-option";
import { readArguments, stackOption, UsageError } from "../terminal/usage";

export const HELP = `Has the consumer handle changes again. It is stopped meanwhile. The command says first what will be repeated.

  npm run replay -- --from 10m | --offset N | --beginning  [options]

  --from WHEN    what Kafka got since then: 90s, 10m, 2h, 1d ago, or a moment such as 2026-01-31T12:00:00Z
  --offset N     from this offset of the topic; with one --table only
  --partition N  whose offset that is, where the topic has several
  --beginning    all that the topics still hold
${TABLE_HELP} (default: all)
  --yes          do not ask
  --stack NAME   another stack than the selected one
  --help         this text

The handler gets each of these changes once more, marked as duplicate where the consumer remembers it.
`;

/** Where the replay begins: at a time in milliseconds since 1970, at an offset, or at the oldest record. */
export type Start =
  { kind: "time"; ms: number } | { kind: "offset"; offset: bigint; partition?: number } | { kind: "beginning" };

export interface ReplayOptions {
  start: Start;
  /** `schema.table` as the database has it; empty: all. */
  tables: string[];
  yes: boolean;
  stack: string | undefined;
}

/**
 * Undefined when help is asked for.
 *
 * @param now milliseconds since 1970
 * @throws UsageError
 */
export function parseOptions(args: string[], now: number): ReplayOptions | undefined {
  const { values } = readArguments({
    args,
    options: {
      from: { type: "string" },
      offset: { type: "string" },
      partition: { type: "string" },
      beginning: { type: "boolean" },
      table: { type: "string", multiple: true },
      yes: { type: "boolean", short: "y" },
      stack: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const starts: Start[] = [
    ...(values.from === undefined ? [] : [{ kind: "time" as const, ms: moment(values.from, now) }]),
    ...(values.offset === undefined
      ? []
      : [{ kind: "offset" as const, offset: wholeNumber("--offset", values.offset) }]),
    ...(values.beginning ? [{ kind: "beginning" as const }] : []),
  ];
  const [start] = starts;
  if (start === undefined || starts.length > 1) {
    throw new UsageError("Say from where: one of --from, --offset and --beginning; --help explains them");
  }
  const tables = tablesOption(values.table);
  if (start.kind === "offset" && tables.length !== 1) {
    throw new UsageError("--offset is one topic's; name its table with one --table");
  }
  if (values.partition !== undefined) {
    if (start.kind !== "offset")
      throw new UsageError("--partition says whose --offset is meant; the others are of all partitions");
    start.partition = Number(wholeNumber("--partition", values.partition));
  }
  return { start, tables, yes: values.yes ?? false, stack: stackOption(values.stack) };
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function moment(given: string, now: number): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(given) ?? [];
  const ms =
    unit === undefined
      ? /^\d{4}-\d\d-\d\dT/.test(given)
        ? Date.parse(given)
        : NaN
      : now - Number(count) * UNITS[unit]!;
  if (Number.isNaN(ms)) {
    throw new UsageError(
      `--from is "${given}"; allowed is a time ago such as 10m, or a moment such as 2026-01-31T12:00:00Z`,
    );
  }
  if (ms > now) throw new UsageError(`--from is "${given}", which is yet to come`);
  // To Kafka, negative times have a special meaning: -1 is the end of a topic.
  return Math.max(ms, 0);
}

function wholeNumber(option: string, given: string): bigint {
  if (!/^\d{1,18}$/.test(given)) throw new UsageError(`${option} is "${given}"; allowed is a whole number from 0`);
  return BigInt(given);
}
