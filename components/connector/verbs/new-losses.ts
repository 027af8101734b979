/** Between two losses of one text. */
export const NEXT_LOSS = "; ";

/**
 * Pure: the losses that an earlier apply has not known. Each consumer forgets a loss at a moment of its own, so they are compared one by one.
 *
 * @returns undefined where there is none
 */
export function newLosses(before = "", now = ""): string | undefined {
  const known = new Set(before.split(NEXT_LOSS));
  const fresh = now.split(NEXT_LOSS).filter((each) => each !== "" && !known.has(each));
  return fresh.length === 0 ? undefined : fresh.join(NEXT_LOSS);
}
