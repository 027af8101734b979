import { OPS, type ChangeJson, type JsonValue, type Op } from "../api";

/** What the reader wants to see; an empty part lets everything through. */
export interface Filter {
  tables: ReadonlySet<string>;
  ops: ReadonlySet<Op>;
  text: string;
}

export const EVERYTHING: Filter = { tables: new Set(), ops: new Set(), text: "" };

export function isEverything(filter: Filter): boolean {
  return filter.tables.size === 0 && filter.ops.size === 0 && filter.text === "";
}

/** Compiled once per filter, because it runs for each change. */
export function matcher({ tables, ops, text }: Filter): (change: ChangeJson) => boolean {
  const needle = text.toLowerCase();
  return (change) =>
    (tables.size === 0 || tables.has(change.table)) &&
    (ops.size === 0 || ops.has(change.op)) &&
    (needle === "" || holds(change, needle));
}

function holds(change: ChangeJson, needle: string): boolean {
  return (
    change.table.toLowerCase().includes(needle) ||
    valueHolds(change.key, needle) ||
    valueHolds(change.after, needle) ||
    valueHolds(change.before, needle) ||
    (change.message?.prefix.toLowerCase().includes(needle) ?? false)
  );
}

function valueHolds(value: JsonValue, needle: string): boolean {
  if (value === null) return false;
  if (Array.isArray(value)) return value.some((item) => valueHolds(item, needle));
  if (typeof value === "object") return Object.values(value).some((item) => valueHolds(item, needle));
  return String(value).toLowerCase().includes(needle);
}

/** The query of `/changes`, and the page's own address, so that a filtered view can be bookmarked. */
export function toQuery({ tables, ops, text }: Filter): URLSearchParams {
  const query = new URLSearchParams();
  for (const table of tables) query.append("table", table);
  for (const op of ops) query.append("op", op);
  if (text !== "") query.set("text", text);
  return query;
}

/** An address may hold anything: what is not an op is left out. */
export function fromQuery(query: URLSearchParams): Filter {
  const words = query.getAll("op");
  return {
    tables: new Set(query.getAll("table")),
    ops: new Set(OPS.filter((op) => words.includes(op))),
    text: query.get("text") ?? "",
  };
}
