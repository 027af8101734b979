/** Words for versions before the release, earliest first. */
const BEFORE = ["alpha", "beta", "m", "milestone", "rc", "cr", "snapshot"];
/** Words for the release itself. */
const RELEASE = ["final", "ga", "release"];

/**
 * Pure: which of two versions is later, by Maven's order and by npm's where the two agree: numbers part by part, `rc` before the
 * release, any other word after it (`1.5.7-14` before `1.5.7-28`, `9.4.58` before `9.4.58.v20250814`).
 *
 * @returns less than 0: `a` is earlier
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = rank(left[i]) - rank(right[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function partsOf(version: string): string[] {
  const parts = version.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  return parts.filter((part) => !RELEASE.includes(part));
}

/** The rank of a part of a version. A missing part ranks as the release, and so does 0. */
function rank(part: string | undefined): number {
  if (part === undefined) return 0;
  if (/^\d/.test(part)) return Number(part);
  const before = BEFORE.indexOf(part);
  return before < 0 ? 0.5 : before - BEFORE.length;
}
