import { isReadAgain } from "./changed-words";
import type { DatabaseFacts } from "../facts/database-facts";
import type { CaptureOutputs } from "../capture-types";

/**
 * Pure: an id for each captured table: its OID, and a word of the apply that found changes missed. A changed id tells the connector that the
 * table's rows have to be read again. It changes when the table was dropped and created again, when it was out of the publication for a
 * while, and when its key changed, since its records then have other keys. The database's notes count more than the state: an apply may be
 * killed after its commit, before the state is written. A table that comes while the slot is there has the word too: an apply may have taken it
 * out without the connector, which still knows it by its plain OID and would not read what was changed meanwhile.
 *
 * @param facts the database before this apply
 * @param now a word that is unique to this apply
 */
export function tableIds(
  captured: readonly string[],
  facts: DatabaseFacts,
  olds: Pick<Partial<CaptureOutputs>, "tableIds" | "captured">,
  now: string,
): Record<string, string> {
  const idOf = (table: string): string => {
    const oid = facts.tables.find(({ name }) => name === table)?.oid ?? "";
    const before = facts.notes?.ids[table] ?? olds.tableIds?.[table];
    const wasOut = before !== undefined && facts.publication?.tables.includes(table) === false;
    const missed = facts.notes?.changed.some((each) => each.table === table && isReadAgain(each));
    // States of 0.1.0 have captured tables without ids.
    const comes = before === undefined && facts.slot !== undefined && olds.captured?.includes(table) !== true;
    if (comes || wasOut || (missed && !isWholeAway(facts))) return `${oid} ${now}`;
    return before !== undefined && before.split(" ")[0] === oid ? before : oid;
  };
  return Object.fromEntries(captured.map((table) => [table, idOf(table)]));
}

/**
 * Whether the publication is missing and Postgres is older than 18. There a missing publication fails the reader, so no change is
 * missed silently. From 18 on Postgres skips changes without it.
 */
function isWholeAway({ publication, version }: DatabaseFacts): boolean {
  return publication === undefined && version < 180000;
}
