import { splitTable } from "../../names/sql-name";
import type { DatabaseFacts } from "../facts/database-facts";
import { markOf, otherCapture } from "../ownership";
import type { CaptureInputs, CaptureOutputs, GivenRole } from "../capture-types";

/** What was applied last in this database, as far as it tells whose role it is. */
type Before = Partial<Pick<CaptureOutputs, "role" | "given">>;

/**
 * Pure: whether somebody else made the role and the inputs allow its use. Then the capture neither changes nor drops it. A role that the
 * state holds as made here stays the capture's own, even when somebody removes its comment.
 */
export function isGiven(olds: Before, inputs: CaptureInputs, { role }: DatabaseFacts): boolean {
  if (olds.role === inputs.role) return olds.given !== undefined;
  if (!inputs.existingRole || !role) return false;
  return role.comment !== markOf(inputs) && otherCapture(role.comment) === undefined;
}

/**
 * Pure: which rights a given role has from this capture after the apply. Rights that the role had before stay when the capture is
 * deleted.
 */
export function rightsGiven(
  captured: readonly string[],
  facts: DatabaseFacts,
  before: GivenRole | undefined,
): GivenRole {
  const { rights, selects } = facts;
  const schemas = [...new Set(captured.map((table) => splitTable(table)[0]))];
  return {
    tables: captured.filter((table) => before?.tables.includes(table) || !selects.includes(table)),
    schemas: schemas.filter((name) => before?.schemas.includes(name) || !rights.schemas[name]?.used),
    connect: before?.connect === true || !rights.connects,
  };
}
