import { didYouMean } from "../../components/nearest";
import { topicOf } from "../../components/names/topic-names";

/**
 * Pure: warnings about names that are no captured table. Without them, one would wait in vain for changes.
 *
 * @param tables as asked for
 * @param topics of the captured tables; empty when they are not known
 */
export function unreadTexts(tables: readonly string[], topics: readonly string[]): string[] {
  if (topics.length === 0) return [];
  const isRead = (table: string) => topics.some((topic) => topic === table || topic.endsWith(topicOf("", table)));
  // A name without a schema names no table, though a topic may end with it.
  const lacking = tables.filter((table) => !(table.includes(".") ? isRead(table) : topics.includes(table)));
  return lacking.map((table) => {
    const names = topics.map((topic) => topic.slice(topic.indexOf(".") + 1));
    const same = names.filter((name) => name.endsWith(topicOf("", table)));
    const hint = same.length > 0 ? ` Did you mean ${same.join(" or ")}?` : didYouMean(table, names);
    return `${table} is no captured table.${hint} Waiting all the same, as it may come`;
  });
}
