import { entryOf, nameOf, parseEntry, patternOf, readEntry, type TablePattern } from "./table-names";

/** The tables that a list of `tables` names. */
export interface ChosenTables {
  /** A table each, or every table of a schema. */
  patterns: TablePattern[];
  /** Tables as `schema.table` that `schema.*` does not include. */
  leftOut: string[];
}

/** The mark before a table's name that leaves it out of `schema.*`. */
const LEFT_OUT = /^\s*!/;

/** Pure: the entries, sorted into the two kinds. @throws with the reason when an entry names nothing */
export function chosenTables(entries: readonly string[]): ChosenTables {
  return {
    patterns: entries.filter((entry) => !isLeftOut(entry)).map(patternOf),
    leftOut: entries.filter(isLeftOut).map((entry) => nameOf(choice(entry))),
  };
}

/** Pure: whether an entry takes a table out, as `!public.sessions` does. */
export function isLeftOut(entry: string): boolean {
  return LEFT_OUT.test(entry);
}

/** Pure: what an entry of either kind names. @returns a sentence with the reason when it names nothing */
export function parseChoice(entry: string): TablePattern | string {
  if (!isLeftOut(entry)) return parseEntry(entry);
  // A table may be left out because its name cannot be captured.
  const parsed = readEntry(bare(entry));
  if (typeof parsed === "string" || parsed.table !== undefined) return parsed;
  return `${entry.trim()}: only a table can be left out of a schema. Name the schemas that are to be captured.`;
}

/** Pure: an entry in its normal form. @param entry names something */
export function choiceOf(entry: string): string {
  return `${isLeftOut(entry) ? "!" : ""}${entryOf(choice(entry))}`;
}

function choice(entry: string): TablePattern {
  const parsed = parseChoice(entry);
  if (typeof parsed === "string") throw new Error(parsed);
  return parsed;
}

/** Pure: a sentence for each table that is left out of no `schema.*`, or is also named. @param entries each names something */
export function choiceTroubles(entries: readonly string[]): string[] {
  const { patterns, leftOut } = chosenTables(entries);
  const names = patterns.map(nameOf);
  return leftOut.flatMap((table) => {
    const schema = table.slice(0, table.indexOf("."));
    if (names.includes(table)) return [`${table} is both named and left out (!${table}). Take one of the two away.`];
    if (names.includes(`${schema}.*`)) return [];
    return [`!${table} leaves a table out of ${schema}.*, which is not named. Take it away.`];
  });
}

function bare(entry: string): string {
  return entry.replace(LEFT_OUT, "");
}
