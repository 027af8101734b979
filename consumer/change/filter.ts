/** Which changes a reader wants to see: the one answer for `/changes`, `/events`, the page and `npm run watch`. */
import type { ChangeJson, JsonValue, Op } from "../api";
import { decodeContent } from "./message-content";

/** An empty part lets everything through. */
export interface Filter {
  tables: ReadonlySet<string>;
  ops: ReadonlySet<Op>;
  /** Part of table, key, a value, or a message's prefix or content; case is ignored, and how accents are written. Names of columns are not looked at. */
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
    (text === "" || textOf().includes(folded(text)))
  );
}

/** Between two values, so that nothing is found that reaches from one into the next: no text of Postgres holds it. */
const BETWEEN = "\u0000";

/** All that a text is looked for in, `folded`. NULL is no text. */
export function searchText({ table, key, before, after, message }: ChangeJson): string {
  const parts = [table];
  addValues(key, parts);
  addValues(after, parts);
  addValues(before, parts);
  if (message !== undefined) parts.push(message.prefix, decodeContent(message.content));
  return folded(parts.join(BETWEEN));
}

/**
 * Without case, and the same however an accent is written, as a letter of its own or behind its letter. Upper case comes last: a lower one depends on
 * what follows, as that of a Greek S at the end of a word, and a part of a word would not be found.
 */
function folded(text: string): string {
  return text.toLowerCase().toUpperCase().normalize();
}

function addValues(value: JsonValue, parts: string[]): void {
  if (value === null) return;
  if (typeof value !== "object") parts.push(String(value));
  else for (const item of Array.isArray(value) ? value : Object.values(value)) addValues(item, parts);
}
