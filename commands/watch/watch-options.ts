import { OPS, type Op } from "../../consumer/api";
import { queryEntry, TABLE_HELP, tablesOption } from "../terminal/table-option";
import { readArguments, UsageError } from "../terminal/usage";

export const HELP = `Shows the changes in the terminal as they come.

  npm run watch -- [options]

${TABLE_HELP}
  --op OP        only this operation: ${OPS.join(", ")}; the same
  --text TEXT    only changes whose table, key or values contain this, case ignored
  --last N       begin with the last N changes, of several consumers with those of each (default 10, with --json 0; at most 10000)
  --json         one JSON object a line, for pipes
  --url URL      this consumer alone (default: all of the stack's; without a stack http://127.0.0.1:8088)
  --help         this text

Colours are left out when the output is not a terminal or NO_COLOR is set.
`;

export interface WatchOptions {
  tables: string[];
  ops: Op[];
  text: string;
  last: number;
  json: boolean;
  /** Undefined: ask the stack. */
  url: string | undefined;
}

const MOST = 10_000;

/** Undefined when help is asked for. @throws UsageError */
export function parseOptions(args: string[]): WatchOptions | undefined {
  const { values } = readArguments({
    args,
    options: {
      table: { type: "string", multiple: true },
      op: { type: "string", multiple: true },
      text: { type: "string" },
      last: { type: "string" },
      json: { type: "boolean" },
      url: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  return {
    tables: tablesOption(values.table),
    ops: list(values.op).map(op),
    text: values.text ?? "",
    last: values.last === undefined ? (values.json ? 0 : 10) : last(values.last),
    json: values.json ?? false,
    url: values.url === undefined ? undefined : url(values.url),
  };
}

function list(given: string[] | undefined): string[] {
  return (given ?? []).flatMap((one) => one.split(",")).filter((one) => one !== "");
}

function op(given: string): Op {
  const known = OPS.find((one) => one === given);
  if (known === undefined) throw new UsageError(`--op is "${given}"; allowed are ${OPS.join(", ")}`);
  return known;
}

function last(given: string): number {
  const n = Number(given);
  if (!/^\d+$/.test(given) || n > MOST)
    throw new UsageError(`--last is "${given}"; allowed is a number from 0 to ${MOST}`);
  return n;
}

function url(given: string): string {
  const parsed = URL.canParse(given) ? new URL(given) : undefined;
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:") {
    throw new UsageError(`--url is "${given}"; allowed is an address such as http://127.0.0.1:8088`);
  }
  return given.replace(/\/+$/, "");
}

/** The filters as a query for the consumer. */
export function toQuery({ tables, ops, text }: WatchOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (tables.length > 0) query.set("table", tables.map(queryEntry).join(","));
  if (ops.length > 0) query.set("op", ops.join(","));
  if (text !== "") query.set("text", text);
  return query;
}
