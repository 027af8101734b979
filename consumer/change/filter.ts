/** Which changes a reader wants to see: the one answer for `/changes`, `/events`, the page and `npm run watch`. */
import type { ChangeJson, JsonValue, Op } from "../api";
import { decodeContent } from "./message-content";

/** An empty field lets every change through. */
export interface Filter {
  tables: ReadonlySet<string>;
  ops: ReadonlySet<Op>;
  /**
   * A part of the table's name, the key, a value, or a message's prefix or content. Case is ignored, and so is how accents are encoded.
   * Names of columns are not searched.
   */
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

/** Stands between two values, so that no match reaches from one into the next. Text of Postgres cannot hold this character. */
const BETWEEN = "\u0000";

/** The text in which `Filter.text` is looked for, `folded`. A NULL adds nothing to it. */
export function searchText({ table, key, before, after, message }: ChangeJson): string {
  const parts = [table];
  addValues(key, parts);
  addValues(after, parts);
  addValues(before, parts);
  if (message !== undefined) parts.push(message.prefix, decodeContent(message.content));
  return folded(parts.join(BETWEEN));
}

/**
 * The text without case, and with one encoding of accents, which may be part of a letter or a character behind it. Of the two cases, upper case comes
 * last: a lower-case letter may depend on what follows, as the sigma at the end of a Greek word does, and a part of a word would not be found.
 */
function folded(text: string): string {
  return text.toLowerCase().toUpperCase().normalize();
}

function addValues(value: JsonValue, parts: string[]): void {
  if (value === null) return;
  if (typeof value !== "object") parts.push(String(value));
  else for (const item of Array.isArray(value) ? value : Object.values(value)) addValues(item, parts);
}
