import { entryOf, nameOf, parseEntry, splitEntries } from "../../components/names/table-names";
import { UsageError } from "./usage";

/** The option's lines in the help of each command. */
export const TABLE_HELP = `  --table NAME   only this table, as schema.table; may be repeated or separated by commas;
                 a name with a comma stands in double quotes, as in public."a,b"`;

/**
 * Pure: the tables that `--table` names, without the quotes of psql's spelling. Names that are no table's stay as they are, because there are other
 * topics, too: each command refuses those that it does not have.
 *
 * @param given the values of the option, one for each time it was given
 * @throws UsageError when a value is empty: a script's empty variable would otherwise mean all tables
 */
export function tablesOption(given: readonly string[] | undefined): string[] {
  return (given ?? []).flatMap((list) => {
    const entries = splitEntries(list).filter((entry) => entry.trim() !== "");
    if (entries.length === 0)
      throw new UsageError(`--table is "${list}"; allowed is schema.table, or more with commas`);
    return entries.map((entry) => {
      const parsed = parseEntry(entry);
      return typeof parsed === "string" ? entry.trim() : nameOf(parsed);
    });
  });
}

/** Pure: a table's name in the form that the consumer's API takes in a query. */
export function queryEntry(table: string): string {
  const dot = table.indexOf(".");
  return dot === -1 ? table : entryOf({ schema: table.slice(0, dot), table: table.slice(dot + 1) });
}
