/** `/changes`: put together from the texts at hand, since parsing thousands of changes to print them again is waste. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChangesJson } from "../../api";
import type { Filter } from "../../change/filter";
import type { Recent } from "../recent";

export interface ChangesQuery {
  filter: Filter;
  limit: number;
  /** Only changes with a greater id, the oldest of them; null: the newest. */
  after: number | null;
}

/** To look for a text is to parse all changes that are held: so long at a time, then others get their turn. */
const TURN_MS = 10;

interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Resolves when others had their turn. */
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
  // As of now: what comes while the others have their turn is after the newest one that is told.
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
