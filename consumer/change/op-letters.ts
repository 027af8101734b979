import type { Op } from "../api";

/** Operations by Debezium's letters. It is a map, because an object would also find names that it inherits, such as `constructor`. */
export const OP_OF_LETTER: ReadonlyMap<string, Op> = new Map<string, Op>([
  ["r", "snapshot"],
  ["c", "create"],
  ["u", "update"],
  ["d", "delete"],
  ["t", "truncate"],
  ["m", "message"],
]);

/** The letters of the operations on a row. */
export const LETTERS_OF_ROWS: readonly string[] = ["r", "c", "u", "d"];
