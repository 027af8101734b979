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
 * by a slot that the former server still has. A database of another name is the same one, renamed, where its id tells it, or, without ids, where slot
 * and marks are in it and no database has the former name.
 *
 * @param facts of the database that `inputs` name
 */
export async function isElsewhere(
  olds: Before,
  inputs: Pick<CaptureInputs, "slotName" | "owner"> & Address,
  { server: { id }, slot, marks }: DatabaseFacts,
): Promise<boolean> {
  if (!isReaddressed(olds, inputs)) return false;
  const isHere = slot?.database === inputs.database;
  const isMarked = marks.includes(markOf(inputs));
  const isById = id !== undefined && olds.server !== undefined;
  if (isById && (id !== olds.server || isHere)) return id !== olds.server;
  const before = await lookAtFormer(olds as CaptureInputs);
  // Another database may have the former address, or the former name, by now.
  const isTaken = isById && before?.id !== undefined && before.id !== olds.server;
  if (isTaken) return false;
  const former = before?.id ?? olds.server;
  const isKnown = id !== undefined && former !== undefined;
  if (isKnown && id !== former) return true;
  if (!isKnown && olds.database !== inputs.database) return !isHere || !isMarked || before !== undefined;
  if (isHere) return !isKnown && !isMarked;
  return before?.hasSlot === true || !(isKnown || (before !== undefined && isMarked));
}

/** Pure: whether the inputs name another address, or another database there, than those of the last apply. It may be the same database. */
export function isReaddressed(olds: Before, inputs: Address): boolean {
  return olds.host !== undefined && olds.port !== undefined && isElsewhereNamed(olds as Address, inputs);
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
