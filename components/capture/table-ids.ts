import type { DatabaseFacts } from "./facts";
import type { CaptureOutputs } from "./types";

/**
 * Pure: what identifies each captured table, for whoever reads their rows: another id than before says that rows of it
 * were missed. That is so when it was dropped and made again, and when it was out of the publication for a while.
 *
 * @param facts the database before this apply
 * @param now a word for this apply that no other one has
 */
export function tableIds(
  captured: readonly string[],
  facts: DatabaseFacts,
  olds: Pick<Partial<CaptureOutputs>, "tableIds">,
  now: string,
): Record<string, string> {
  const idOf = (table: string): string => {
    const oid = facts.tables.find(({ name }) => name === table)?.oid ?? "";
    const before = olds.tableIds?.[table];
    // A publication that is missing altogether ends the reader, which says so by itself.
    const wasOut = before !== undefined && facts.publication?.tables.includes(table) === false;
    if (wasOut) return `${oid} ${now}`;
    return before !== undefined && before.split(" ")[0] === oid ? before : oid;
  };
  return Object.fromEntries(captured.map((table) => [table, idOf(table)]));
}
