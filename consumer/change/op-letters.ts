import type { Op } from "../api";

/** Debezium's letters for what has happened. A map: an object has keys, as __proto__, that nobody put there. */
export const OP_OF_LETTER: ReadonlyMap<string, Op> = new Map<string, Op>([
  ["r", "snapshot"],
  ["c", "create"],
  ["u", "update"],
  ["d", "delete"],
  ["t", "truncate"],
  ["m", "message"],
]);

/** Those of what happens to a row. */
export const LETTERS_OF_ROWS: readonly string[] = ["r", "c", "u", "d"];
