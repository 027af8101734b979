import type { Standing } from "../../consumer/letters/letter";
import { topicsOfTables } from "../replay/replay-plan";

/**
 * Pure. A letter may be of a table that is no longer captured.
 *
 * @param topics those that the consumer reads
 * @throws UsageError for a table of which there is neither such a topic nor a letter: with a mistyped name, nothing would seem to wait
 */
export function checkTables(
  tables: readonly string[],
  topics: readonly string[],
  standings: readonly Standing[],
): void {
  const origins = standings.flatMap(({ letter }) => letter.origin?.topic ?? []);
  topicsOfTables(tables, [...new Set([...topics, ...origins])]);
}
