/** How far an upgrade has come, by the clusters in the volume, and what is said when it ends there. */

/**
 * `before`: the old cluster is in its place. `between`: it was moved away, and the new one is not there yet. `after`: the new one is whole and in its
 * place, and there is no way back to the old server.
 */
export type Place = "before" | "between" | "after";

/** Pure. @param found majors of the clusters in the volume, by their folders */
export function placeOf(found: ReadonlyMap<string, string>, from: number, to: number): Place {
  if (found.has(String(from))) return "before";
  if (found.has(String(to))) return "after";
  return found.has(`${from}.before-${to}`) ? "between" : "before";
}

/**
 * Pure: folders that an upgrade takes, and that hold something beside the old cluster: an upgrade of before was taken back. No interruption leaves that.
 *
 * @param found majors of the clusters in the volume, by their folders
 */
export function inTheWay(found: ReadonlyMap<string, string>, from: number, to: number): string[] {
  return found.has(String(from)) ? [String(to), `${from}.before-${to}`].filter((folder) => found.has(folder)) : [];
}

/** Pure: the refusal, with the way out. @param container the stack's Postgres */
export function inTheWayText(folders: readonly string[], container: string, from: number): string {
  const place = "/var/lib/postgresql/data";
  return (
    `The volume has the cluster of PostgreSQL ${from} in ${from}, and another one in ${folders.join(" and in ")}, left by an upgrade that was taken back. ` +
    `Nothing was changed. If ${from} has the rows that count, move the rest away, then once more:\n` +
    folders.map((folder) => `  docker exec ${container} mv ${place}/${folder} ${place}/old-${folder}`).join("\n")
  );
}

/** Pure: what is true after a failure. @param place undefined where the volume could not be looked at */
export function endedText(reason: string, place: Place | undefined, from: number, to: number): string {
  return `${reason}\n${TEXTS[place ?? "unknown"](from, to)}`;
}

const TEXTS: Record<Place | "unknown", (from: number, to: number) => string> = {
  before: (from) => `PostgreSQL ${from} stays what it was.`,
  between: (from, to) =>
    `It ended between the last two steps: the cluster of PostgreSQL ${from} is in ${from}.before-${to} of the volume, and no server runs. The ` +
    "connectors are stopped, with all that was written read. `npm run upgrade-postgres` does it again from there.",
  after: (_from, to) =>
    `The cluster of PostgreSQL ${to} is whole and in its place, no server runs, and the connectors are stopped, with all that was written read. ` +
    "`npm run upgrade-postgres` goes on from there once the reason is mended; `npm start` would not tell the connectors where the new log begins.",
  unknown: () =>
    "How far it came could not be seen in the volume, so no server was started again, and the connectors are stopped. `npm run upgrade-postgres` " +
    "looks again, and goes on.",
};

/** Pure: the same in a few words. @param place undefined where the volume could not be looked at */
export function placeSentence(place: Place | undefined): string {
  if (place === undefined) return "how far it came could not be seen in the volume, and no server may be started";
  return place === "after"
    ? "the new cluster is in its place, and the connectors do not know yet where its log begins"
    : "the old cluster was moved away, and a server would find none";
}
