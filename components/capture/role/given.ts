import { splitTable } from "../../names/sql-name";
import type { DatabaseFacts } from "../facts/database-facts";
import { markOf, otherCapture } from "../ownership";
import type { CaptureInputs, CaptureOutputs, GivenRole } from "../capture-types";

/** What was applied last, as far as it says whose the role is. */
type Before = Partial<Pick<CaptureOutputs, "role" | "database" | "given">>;

/**
 * Pure: whether somebody else made the role and lets this capture use it: then it is neither changed nor dropped. Which the
 * state holds as made here stays so, also when somebody takes its comment away.
 */
export function isGiven(olds: Before, inputs: CaptureInputs, { role }: DatabaseFacts): boolean {
  if (olds.role === inputs.role && olds.database === inputs.database) return olds.given !== undefined;
  if (!inputs.existingRole || !role) return false;
  return role.comment !== markOf(inputs) && otherCapture(role.comment) === undefined;
}

/**
 * Pure: which rights a given role has from this capture, once it is applied: what it had by itself stays when the capture
 * goes.
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
