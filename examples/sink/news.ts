/** Finds the changes that were not copied yet. Pure. */
import type { Change } from "../../consumer/change/change-event";
import type { Arrival } from "../../consumer/change/change-json";
import { isOfFirstSnapshot, placeOf } from "../../consumer/change/event-id";

/** How far a partition was copied. */
export interface Copied {
  /** The place of the last change; empty at the beginning. */
  place: string;
  /** Places of the connector's first snapshots whose rows were copied. */
  snapshots: readonly string[];
}

/**
 * @param changes of one partition, in order
 * @param arrivalOf what the consumer knows of a change
 * @param warn is told of a change that is left out, though the consumer does not know that it came before
 * @throws for a change that was sent back and is before that place: nobody can tell whether it was copied, and it must not seem so
 * @throws for a row of a snapshot that nobody has copied and that is before that place: it is of another database, or of an older copy
 */
export function newsOf(
  changes: readonly Change[],
  copied: Copied,
  arrivalOf: (change: Change) => Pick<Arrival, "duplicate" | "retried">,
  warn: (change: Change) => void = () => undefined,
): Change[] {
  return changes.filter((change) => {
    if (change.op === "message") return false;
    if (isNew(change, copied.place)) return true;
    const { duplicate, retried } = arrivalOf(change);
    if (retried) throw new Error(sentBack(change));
    if (duplicate !== undefined) return false;
    const snapshot = firstSnapshotOf(change);
    if (snapshot === null) warn(change);
    else if (!copied.snapshots.includes(snapshot)) throw new Error(ofAnotherLog(change));
    return false;
  });
}

/** Place of the connector's first snapshot that this row is of; null for all other changes. */
export function firstSnapshotOf({ op, eventId }: Change): string | null {
  if (op !== "snapshot" || eventId === null) return null;
  const place = placeOf(eventId);
  return isOfFirstSnapshot(place) ? place : null;
}

/** Rows of one snapshot have the same place. To write such a row again changes nothing, unless a later change has come. */
function isNew({ op, eventId, table }: Change, done: string): boolean {
  if (eventId === null)
    throw new Error(`${table}: a change without an id; the sink needs a key, and the image's records`);
  return op === "snapshot" ? placeOf(eventId) >= done : placeOf(eventId) > done;
}

function sentBack({ table, topic }: Change): string {
  return (
    `${table}: a dead letter that was sent back, but what came after it is copied already. Set the place back ` +
    `(UPDATE cdc_places SET place = '' WHERE topic = '${topic}') and run npm run replay`
  );
}

/** What to do when the captured database is no longer the one that was copied. */
export function ofAnotherLog({ table, topic, offset }: Change): string {
  return (
    `${table}: before the place up to which the sink has copied, though it did not come before: the captured database is another one, or an older copy. ` +
    `Empty the sink's table, set its place back (UPDATE cdc_places SET place = '' WHERE topic = '${topic}') and run npm run replay -- --offset ${offset} --table '${table}'`
  );
}
