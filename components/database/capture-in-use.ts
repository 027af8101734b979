import type { Client } from "pg";
import type { CaptureInputs } from "../capture/capture-types";
import { markOf } from "../capture/ownership";

type Named = Pick<CaptureInputs, "host" | "port" | "database" | "role" | "slotName" | "owner">;

/** A capture in the database with the mark of a stack of this name. */
export interface MarkedCapture {
  /** Whether its slot is read at this moment. */
  read: boolean;
  /** Programs that are logged in as its role. A connector that takes its snapshot does not read its slot yet. */
  programs: string[];
}

/** The project's own sessions say nothing of a connector. Every user sees the names of others' programs. */
const MARKED = `SELECT COALESCE((SELECT active FROM pg_replication_slots WHERE slot_name = $1 AND database = current_database()), false) AS read,
    ARRAY(SELECT DISTINCT application_name FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
      WHERE r.rolname = $2 AND shobj_description(r.oid, 'pg_authid') = $3 AND a.datname = current_database()
        AND application_name NOT LIKE 'cdc %' ORDER BY 1) AS programs
  WHERE EXISTS (SELECT FROM pg_publication WHERE obj_description(oid, 'pg_publication') = $3)
    OR EXISTS (SELECT FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = $3)`;

/** The capture that is there under the stack's name; none where the database has none. */
export async function markedCapture(client: Client, inputs: Named): Promise<MarkedCapture | undefined> {
  return (await client.query<MarkedCapture>(MARKED, [inputs.slotName, inputs.role, markOf(inputs)])).rows[0];
}

/**
 * Pure: why a stack whose state has no capture must leave the one that is there alone; undefined where nobody uses it. The mark has only the
 * stack's name, which another clone's stack may have too.
 *
 * @param takeOver the command by which it is taken over
 */
export function inUseText(inputs: Named, found: MarkedCapture, takeOver: string): string | undefined {
  const atWork = atWorkText(inputs, found);
  if (atWork === undefined) return undefined;
  return (
    `${atWork} This folder's state knows nothing of it. Another clone's stack of the same name has made it, or this one did before its state was ` +
    "removed. Nothing was changed: this run would take role, publication and slot away from it. Start a stack of another name (`pulumi stack init NAME`, and " +
    `captureName). If that capture is this stack's, and nobody else's: ${takeOver}, or end its connector and run this again.`
  );
}

/** Pure: the same of a resource that is to be made, in whatever program. */
export function takesText(inputs: Named, found: MarkedCapture): string | undefined {
  const atWork = atWorkText(inputs, found);
  if (atWork === undefined) return undefined;
  return (
    `${atWork} This stack's state knows nothing of it. Give this capture an owner, role, publication and slotName of its own, or takeOver where that ` +
    "one is this stack's, and its state was lost."
  );
}

/** Pure: a sentence with the signs that somebody uses the capture; undefined: nobody does. */
function atWorkText(inputs: Named, { read, programs }: MarkedCapture): string | undefined {
  if (!read && programs.length === 0) return undefined;
  const signs = [
    ...(read ? [`slot ${inputs.slotName} is being read`] : []),
    ...(programs.length > 0
      ? [`role ${inputs.role} is logged in (${programs.map((name) => name || "a program without a name").join(", ")})`]
      : []),
  ];
  return `The capture of ${whose(inputs)} in ${placeOf(inputs)} is at work: ${signs.join(", and ")}.`;
}

/** Pure: what is said where such a capture is taken over. */
export function takenOverText(inputs: Named): string {
  return (
    `The capture of ${whose(inputs)} in ${placeOf(inputs)} is taken over. This folder's state knows nothing of it: its role gets ` +
    "another password, and its publication the tables of this stack."
  );
}

function whose({ owner, slotName }: Named): string {
  return owner ?? `slot ${slotName}`;
}

function placeOf({ database, host, port }: Named): string {
  return `${database} at ${host}:${port}`;
}
