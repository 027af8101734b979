import { EVERYTHING, type Filter } from "../../../consumer/change/filter";
import type { Recent, RecentEntry } from "../../../consumer/feed/recent";

/** The first `limit` entries in the ring that match and have a greater id, oldest first. */
export function entriesAfter(recent: Recent, id: number, limit: number, filter: Filter = EVERYTHING): RecentEntry[] {
  return matching(recent, recent.forwards(id), limit, filter);
}

/** The last `limit` entries that match, oldest first. */
export function newestOf(recent: Recent, limit: number, filter: Filter = EVERYTHING): RecentEntry[] {
  return matching(recent, recent.backwards(), limit, filter).reverse();
}

function matching(recent: Recent, entries: Iterable<RecentEntry>, limit: number, filter: Filter): RecentEntry[] {
  return [...entries].filter((entry) => recent.selects(filter, entry)).slice(0, limit);
}
