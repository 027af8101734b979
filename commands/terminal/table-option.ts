import { entryOf, nameOf, parseEntry, splitEntries } from "../../components/names/table-names";
import { UsageError } from "./usage";

/** What the help of each command says of it. */
export const TABLE_HELP = `  --table NAME   only this table, as schema.table; may be repeated or separated by commas;
                 a name with a comma stands in double quotes, as in public."a,b"`;

/**
 * Pure: the tables that `--table` names, each without the quotes of psql's spelling. What is no table's name stays as it is, since
 * there are other topics: each command knows which it has, and refuses what it has not.
 *
 * @param given as often as it was given
 * @throws UsageError where one names nothing at all: with a script's empty variable all tables would be meant
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

/** Pure: a table's name as the consumer's query takes it. */
export function queryEntry(table: string): string {
  const dot = table.indexOf(".");
  return dot === -1 ? table : entryOf({ schema: table.slice(0, dot), table: table.slice(dot + 1) });
}
