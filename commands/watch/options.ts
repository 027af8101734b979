import { parseArgs } from "node:util";
import { OPS, type Op } from "../../consumer/api";

export const HELP = `Shows the changes in the terminal as they come.

  npm run watch -- [options]

  --table NAME   only this table, as schema.table; may be repeated or separated by commas
  --op OP        only this operation: ${OPS.join(", ")}; the same
  --text TEXT    only changes whose table, key or values contain this, case ignored
  --last N       begin with the last N changes (default 10, with --json 0; at most 10000)
  --json         one JSON object a line, for pipes
  --url URL      the consumer (default: the stack's output feedUrl, else http://127.0.0.1:8088)
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

/** A wrong argument; the message says what is wrong and what is allowed. */
export class UsageError extends Error {}

const MOST = 10_000;

/** Undefined when help is asked for. */
export function parseOptions(args: string[]): WatchOptions | undefined {
  const values = read(args);
  if (values.help) return undefined;
  return {
    tables: list(values.table),
    ops: list(values.op).map(op),
    text: values.text ?? "",
    last: values.last === undefined ? (values.json ? 0 : 10) : last(values.last),
    json: values.json ?? false,
    url: values.url === undefined ? undefined : url(values.url),
  };
}

function read(args: string[]) {
  try {
    const { values } = parseArgs({
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
    return values;
  } catch (error) {
    // Node's first sentence names the argument; what follows is about dashes.
    const sentence = (error as Error).message.split(/\. |\.?\n/)[0] ?? "";
    throw new UsageError(`${sentence}; allowed are --table, --op, --text, --last, --json, --url, --help`);
  }
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

/** The same filters as a query of the consumer. */
export function toQuery({ tables, ops, text }: WatchOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (tables.length > 0) query.set("table", tables.join(","));
  if (ops.length > 0) query.set("op", ops.join(","));
  if (text !== "") query.set("text", text);
  return query;
}
