/** Levenshtein distance in which swapping two neighbours counts as one edit, because most slips of the keyboard are such. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** The candidates that a person may have meant, nearest first. At most a third of the word may differ. */
export function nearest(word: string, candidates: readonly string[], count = 3): string[] {
  const limit = Math.max(2, Math.floor(word.length / 3));
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate));
  // Others are named only if they are about as near as the best: one good guess helps more than three.
  return near
    .filter(({ distance }) => distance <= near[0]!.distance + 1)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** `" Did you mean a, b or c?"`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[], count = 3): string {
  const near = nearest(word, candidates, count);
  if (near.length === 0) return "";
  const last = near[near.length - 1]!;
  return ` Did you mean ${near.length === 1 ? last : `${near.slice(0, -1).join(", ")} or ${last}`}?`;
}
