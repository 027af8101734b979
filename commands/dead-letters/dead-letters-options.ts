import { tablesOption } from "../terminal/table-option";
import { readArguments, stackOption, UsageError } from "../terminal/usage";

export const HELP = `Dead letters: records that the handler failed at, or that could not be read. Lists them, and sends them back.

  npm run dead-letters                    all of them, the newest last
  npm run dead-letters -- show N          one of them whole: error with stack, headers, key and value
  npm run dead-letters -- again N ...     the handler gets these again, in the order of their numbers
  npm run dead-letters -- again --all     all that were not sent back yet

  --table NAME   of the list and of --all only what is of this table, as schema.table; may be repeated or separated by
                 commas; a name with a comma stands in double quotes, as in public."a,b"
  --yes          do not ask
  --stack NAME   another stack than the selected one
  --json         as JSON, for scripts
  --help         this text

What is sent back goes to the consumer alone, by a topic of its own; other readers of the table's topic get nothing twice. It is
handled after what came meanwhile, and becomes a dead letter again where the handler fails again.
`;

/** Numbers are offsets in the topic of dead letters, as decimal digits. */
export type Action =
  | { kind: "list" }
  | { kind: "show"; number: string }
  /** Undefined: all that were not sent back. */
  | { kind: "again"; numbers: string[] | undefined };

export interface DeadLetterOptions {
  action: Action;
  /** `schema.table` as the database has it; empty: all. */
  tables: string[];
  yes: boolean;
  json: boolean;
  stack: string | undefined;
}

/** Undefined when help is asked for. @throws UsageError */
export function parseOptions(args: string[]): DeadLetterOptions | undefined {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      all: { type: "boolean" },
      table: { type: "string", multiple: true },
      yes: { type: "boolean", short: "y" },
      stack: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const [verb, ...numbers] = positionals;
  const action = actionOf(verb, numbers, values.all ?? false);
  const tables = tablesOption(values.table);
  if (tables.length > 0 && (action.kind === "show" || (action.kind === "again" && action.numbers !== undefined))) {
    throw new UsageError("--table narrows the list and `again --all`; a number says already which letter is meant");
  }
  return { action, tables, yes: values.yes ?? false, json: values.json ?? false, stack: stackOption(values.stack) };
}

function actionOf(verb: string | undefined, given: readonly string[], all: boolean): Action {
  const numbers = given.map(number);
  if (verb !== "again" && all) throw new UsageError("--all goes with `again`");
  switch (verb) {
    case undefined:
      return { kind: "list" };
    case "show":
      if (numbers.length !== 1) throw new UsageError("Say which one: `show N`, with a number of the list");
      return { kind: "show", number: numbers[0]! };
    case "again":
      if (all === numbers.length > 0) throw new UsageError("Say which ones: `again N ...`, or `again --all`");
      return { kind: "again", numbers: all ? undefined : [...new Set(numbers)] };
    default:
      throw new UsageError(`"${verb}" is nothing to do with dead letters; allowed are show and again, or nothing`);
  }
}

function number(given: string): string {
  if (!/^\d{1,18}$/.test(given)) throw new UsageError(`"${given}" is no number of a dead letter; the list has them`);
  return BigInt(given).toString();
}
