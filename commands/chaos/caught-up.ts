/** Whether the handler keeps up with the changes that are written. */
import { poll } from "../../components/poll";
import { committedMicros, FeedClient } from "../stack/feed-client";
import { LATE_MS } from "./reckon/reckon";
import { ROWS, SIDE, type Table } from "./chaos-tables";

/** The longest time between two changes of each table, in ms. */
const EVERY_MS: Record<Table, number> = { [ROWS]: 0, [SIDE]: 2000 };

/** Resolves with true once the handler has handled recent changes, committed after the moment; with false when that takes too long. */
export async function caughtUp(
  feedUrl: string,
  since: number,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const feed = new FeedClient(feedUrl, signal);
  try {
    await poll<void>(
      async () => {
        signal.throwIfAborted();
        const ages = await Promise.all(Object.keys(EVERY_MS).map((table) => ageOf(feed, table as Table, since)));
        const late = ages.find((age) => age !== undefined);
        return late === undefined ? { done: true, value: undefined } : { done: false, seen: late };
      },
      { what: "the handler to have caught up", deadlineMs, intervalMs: 200 },
    );
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if ((error as { code?: string }).code === "TIMEOUT") return false;
    throw error;
  }
}

/** @returns undefined when the table's newest handled change is recent enough, else what is seen instead */
async function ageOf(feed: FeedClient, table: Table, since: number): Promise<string | undefined> {
  const answer = await feed.changes({ table, limit: 1 }).catch((error: Error) => error.message);
  if (typeof answer === "string") return answer;
  const [newest] = answer.changes;
  const committed = newest && committedMicros(newest);
  if (committed === undefined) return `no change of ${table}`;
  const [ageMs, sinceMs] = [Date.now() - committed / 1000, committed / 1000 - since];
  return ageMs <= LATE_MS + EVERY_MS[table] && sinceMs >= 0 ? undefined : `${table} is ${Math.round(ageMs)} ms behind`;
}
