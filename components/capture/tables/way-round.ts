import { splitTable } from "../../names/sql-name";
import { chosenTables } from "../../names/chosen-tables";
import { entryOf, nameOf } from "../../names/table-names";

/**
 * Pure: the refusals, and how to go on without the refused tables where a `schema.*` stands for them: nobody named these tables, and it
 * may not be possible to alter them.
 *
 * @param entries the entries of `tables`
 * @param reasons refusals that begin with the names of their tables
 */
export function withWayRound(entries: readonly string[], reasons: readonly string[]): string[] {
  const names = chosenTables(entries).patterns.map(nameOf);
  const told = new Set(reasons.flatMap((reason) => reason.split(": ")[0]!.split(", ")));
  const tables = [...told].filter((table) => {
    const dot = table.indexOf(".");
    return dot > 0 && !names.includes(table) && names.includes(`${table.slice(0, dot)}.*`);
  });
  if (tables.length === 0) return [...reasons];
  const entriesOut = tables.map((table) => {
    const [schema, name] = splitTable(table);
    return `!${entryOf({ schema, table: name })}`;
  });
  return [
    ...reasons,
    `To go on without ${tables.length === 1 ? "it" : "them"}, add ${entriesOut.join(",")} to \`tables\`.`,
  ];
}
