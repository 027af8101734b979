/** Finds the changes that were not copied yet. Pure. */
import type { Change } from "../../consumer/change/change-event";
import { placeOf } from "../../consumer/change/event-id";

/**
 * @param changes of one partition, in order
 * @param done the place up to which the partition was copied
 * @param isRetried whether a change was a dead letter that was sent back
 * @throws for a change that was sent back and is before that place: nobody can tell whether it was copied, and it must not seem so
 */
export function newsOf(changes: readonly Change[], done: string, isRetried: (change: Change) => boolean): Change[] {
  return changes.filter((change) => {
    const isNews = isNew(change, done);
    if (isNews || change.op === "message" || !isRetried(change)) return isNews;
    throw new Error(
      `${change.table}: a dead letter that was sent back, but what came after it is copied already. Set the place back ` +
        `(UPDATE cdc_places SET place = '' WHERE topic = '${change.topic}') and run npm run replay`,
    );
  });
}

/** Rows of one snapshot have the same place. To write such a row again changes nothing, unless a later change has come. */
function isNew({ op, eventId, table }: Change, done: string): boolean {
  if (op === "message") return false;
  if (eventId === null)
    throw new Error(`${table}: a change without an id; the sink needs a key, and the image's records`);
  return op === "snapshot" ? placeOf(eventId) >= done : placeOf(eventId) > done;
}
