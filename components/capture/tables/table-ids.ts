import { isReadAgain } from "./changed";
import type { DatabaseFacts } from "../facts/database-facts";
import type { CaptureOutputs } from "../capture-types";

/**
 * Pure: what identifies each captured table, for whoever reads their rows: another id than before says that rows of it
 * were missed. That is so when it was dropped and made again, and when it was out of the publication for a while; and when
 * its key is another one, as its records' keys are then. What the database has noted counts more than the state: an apply
 * that was killed may have got to the one and not to the other.
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
    const before = facts.notes?.ids[table] ?? olds.tableIds?.[table];
    const wasOut = before !== undefined && facts.publication?.tables.includes(table) === false;
    const missed = facts.notes?.changed.some((each) => each.table === table && isReadAgain(each));
    if (wasOut || (missed && !isWholeAway(facts))) return `${oid} ${now}`;
    return before !== undefined && before.split(" ")[0] === oid ? before : oid;
  };
  return Object.fromEntries(captured.map((table) => [table, idOf(table)]));
}

/**
 * A publication that is missing altogether ends the reader, which says so by itself. From 18 on it reads past what it does
 * not find published.
 */
function isWholeAway({ publication, version }: DatabaseFacts): boolean {
  return publication === undefined && version < 180000;
}
