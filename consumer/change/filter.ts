/** Which changes a reader wants to see: the one answer for `/changes`, `/events`, the page and `npm run watch`. */
import type { ChangeJson, JsonValue, Op } from "../api";
import { decodeContent } from "./message-content";

/** An empty part lets everything through. */
export interface Filter {
  tables: ReadonlySet<string>;
  ops: ReadonlySet<Op>;
  /** Part of table, key, a value, or a message's prefix or content; case is ignored. Names of columns are not looked at. */
  text: string;
}

export const EVERYTHING: Filter = { tables: new Set(), ops: new Set(), text: "" };

/** @param textOf the change's `searchText`, asked for only where it decides */
export function selects(
  { tables, ops, text }: Filter,
  change: { readonly table: string; readonly op: Op },
  textOf: () => string,
): boolean {
  return (
    (tables.size === 0 || tables.has(change.table)) &&
    (ops.size === 0 || ops.has(change.op)) &&
    (text === "" || textOf().includes(text.toLowerCase()))
  );
}

/** Between two values, so that nothing is found that reaches from one into the next: no text of Postgres holds it. */
const BETWEEN = "\u0000";

/** All that a text is looked for in, in lower case. NULL is no text. */
export function searchText({ table, key, before, after, message }: ChangeJson): string {
  const parts = [table];
  addValues(key, parts);
  addValues(after, parts);
  addValues(before, parts);
  if (message !== undefined) parts.push(message.prefix, decodeContent(message.content));
  return parts.join(BETWEEN).toLowerCase();
}

function addValues(value: JsonValue, parts: string[]): void {
  if (value === null) return;
  if (typeof value !== "object") parts.push(String(value));
  else for (const item of Array.isArray(value) ? value : Object.values(value)) addValues(item, parts);
}
