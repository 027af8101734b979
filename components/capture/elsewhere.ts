import { isElsewhereNamed } from "../database/address";
import { databaseId } from "../database/database-id";
import type { DatabaseFacts } from "./facts/database-facts";
import { markOf } from "./ownership";
import { asRole, isGone, session } from "./session/capture-session";
import type { CaptureInputs } from "./capture-types";

/** How long a former server may take to answer, in milliseconds. It may be gone. */
const ASK_MS = 2000;

/** What was applied last, as far as it tells in which database that was. */
type Before = Partial<CaptureInputs>;
type Address = Pick<CaptureInputs, "host" | "port" | "database">;

/**
 * Whether the database of these facts is another one than that in which the capture was applied last. A slot of the capture in it tells
 * that it is the same, unless it has another id. Without that slot, a copy of the former server is told from a standby that took its place
 * by a slot that the former server still has.
 *
 * @param facts of the database that `inputs` name
 */
export async function isElsewhere(
  olds: Before,
  inputs: Pick<CaptureInputs, "slotName" | "owner"> & Address,
  { server: { id }, slot, marks }: DatabaseFacts,
): Promise<boolean> {
  if (olds.host === undefined || olds.port === undefined) return false;
  // It may be the same database under another name.
  if (!isElsewhereNamed(olds as Address, inputs)) return false;
  const isHere = slot?.database === inputs.database;
  const isMarked = marks.includes(markOf(inputs));
  if (id !== undefined && olds.server !== undefined) {
    if (id !== olds.server) return true;
    if (isHere) return false;
  }
  const before = await lookAtFormer(olds as CaptureInputs);
  const former = before?.id ?? olds.server;
  const isKnown = id !== undefined && former !== undefined;
  if (isKnown && id !== former) return true;
  if (isHere) return !isKnown && !isMarked;
  return before?.hasSlot === true || !(isKnown || (before !== undefined && isMarked));
}

interface Former {
  id?: string;
  /** Whether the capture's slot is still there. */
  hasSlot: boolean;
}

const SLOT = "SELECT FROM pg_replication_slots WHERE slot_name = $1";

/** @returns undefined where the former server does not answer, or lets nobody in any more */
async function lookAtFormer(olds: CaptureInputs): Promise<Former | undefined> {
  const look = (as: CaptureInputs): Promise<Former> =>
    session(as, ASK_MS, async (client) => ({
      id: await databaseId(client),
      hasSlot: (await client.query(SLOT, [olds.slotName])).rows.length > 0,
    }));
  return look(asRole(olds))
    .catch((error: unknown) => (isGone(error) ? undefined : look(olds)))
    .catch(() => undefined);
}
