import { didYouMean } from "../../components/nearest";
import { topicOf } from "../../components/names/topic-names";

/**
 * Pure: what is said of names that are no captured table: usually nothing would ever come, and nothing would say so.
 *
 * @param tables as asked for
 * @param topics of the captured tables; empty: nobody knows
 */
export function unreadTexts(tables: readonly string[], topics: readonly string[]): string[] {
  if (topics.length === 0) return [];
  const isRead = (table: string) => topics.some((topic) => topic === table || topic.endsWith(topicOf("", table)));
  // Without a schema it names no table, though a topic may end so.
  const lacking = tables.filter((table) => !(table.includes(".") ? isRead(table) : topics.includes(table)));
  return lacking.map((table) => {
    const names = topics.map((topic) => topic.slice(topic.indexOf(".") + 1));
    const same = names.filter((name) => name.endsWith(topicOf("", table)));
    const hint = same.length > 0 ? ` Did you mean ${same.join(" or ")}?` : didYouMean(table, names);
    return `${table} is no captured table.${hint} Waiting all the same, as it may come`;
  });
}
