/** `/changes`. The answer is put together from the changes' JSON texts: parsing thousands of them to print them again would be waste. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChangesJson } from "../../api";
import type { Filter } from "../../change/filter";
import type { Recent } from "../recent";

export interface ChangesQuery {
  filter: Filter;
  limit: number;
  /** Only the oldest changes with a greater id; null: the newest changes. */
  after: number | null;
}

/** A text filter has to parse all changes that are held. After this time, other work gets its turn. */
const TURN_MS = 10;

interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Resolves when other work has had its turn. */
  turn(): Promise<void>;
}

const CLOCK: Clock = { now: () => performance.now(), turn: () => nextTurn() };

/** @returns the text of a `ChangesJson` */
export async function changesAnswer(
  recent: Recent,
  epoch: string,
  { filter, limit, after }: ChangesQuery,
  { now, turn }: Clock = CLOCK,
): Promise<string> {
  // Taken before the search: changes that come during it have ids above `newestId`.
  const { newestId, total } = recent;
  const found: string[] = [];
  let turnEnds = now() + TURN_MS;
  for (const entry of after === null ? recent.backwards() : recent.forwards(after)) {
    if (recent.selects(filter, entry)) found.push(entry.json);
    if (found.length === limit) break;
    if (now() < turnEnds) continue;
    await turn();
    turnEnds = now() + TURN_MS;
  }
  if (after === null) found.reverse();
  const { oldestId } = recent;
  const rest: Omit<ChangesJson, "changes"> = { oldestId, newestId, total, epoch };
  return `{"changes":[${found.join(",")}],${JSON.stringify(rest).slice(1)}`;
}
