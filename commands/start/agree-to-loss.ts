/** A question before topics are removed that are still there: without another volume that is lost, no broker can go on with them. */
import { agreed } from "../terminal/ask";
import { YES_BEFOREHAND } from "./arguments";
import type { Difference } from "./difference";

/**
 * Asks where volumes with topics would go.
 *
 * @param isAgreed whether the person has said yes beforehand
 * @throws where the answer is no, or nobody is there to be asked; nothing is removed then
 */
export async function agreeToLoss(
  difference: Pick<Difference, "names" | "topicVolumes">,
  isAgreed: boolean,
): Promise<void> {
  if (difference.topicVolumes.length === 0) return;
  console.error(lossText(difference));
  if (isAgreed || (await agreed("Go on all the same?", YES_BEFOREHAND))) return;
  throw new Error(
    "Nothing was removed. With a copy of what is lost in its place, in a volume with the stack's label, `npm start` goes on as before; without one, save what is needed of the topics first.",
  );
}

/** Pure. */
export function lossText({ names, topicVolumes }: Pick<Difference, "names" | "topicVolumes">): string {
  return (
    `Gone from the Docker engine: ${names.join(", ")}. Kafka cannot go on without that, so these would be removed, with all topics, ` +
    `records and dead letters in them: ${topicVolumes.join(", ")}. The database stays, and every row is read again from it; no record ` +
    "tells of rows that were deleted before. `npm start -- --yes` agrees to it beforehand."
  );
}
