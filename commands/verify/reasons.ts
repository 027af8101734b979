/** Why a table differs, or what of it the topic cannot tell, where that is known; each with the way out. */
import type { Comparison } from "./compare";
import type { Span } from "./rows/read-topics";
import type { TableShape } from "./compared-table";
import type { TopicRows } from "./rows/topic-rows";

export interface Known {
  shape: TableShape;
  topic: string;
  spans: readonly Span[];
  /** The connector's. */
  config: Readonly<Record<string, string>>;
  /** Records that are gone from the topic's beginning. */
  gone: bigint;
  topicRows: Pick<TopicRows, "key" | "rekeyed" | "absent" | "earlierUpTo">;
  comparison: Comparison;
}

/** How a table is read anew. */
export function wayOut(): string {
  return "To have the table read again, take it out of `tables`, `npm start`, put it in again, `npm start`.";
}

/** Pure. */
export function reasonsOf({ shape, topic, spans, config, gone, topicRows, comparison }: Known): string[] {
  const { reasons, absent, stale, differing } = comparison;
  const told: string[] = [];
  if (spans.length === 0)
    told.push(
      `There is no topic ${topic}.${config["transforms"] ? " The connector's transforms may send the records to others." : ""}`,
    );
  const removed = reasons.get("removed");
  if (removed !== undefined && gone > 0n)
    told.push(
      `The first ${gone} records of ${topic} are there no more (retention, or deleted); ${removed} ${rows(removed)} may have been told by them. ${wayOut()}`,
    );
  else if (removed !== undefined)
    told.push(
      `With snapshotMode ${config["snapshot.mode"]} no record tells rows from before the capture; ${removed} ${rows(removed)} may be such. An UPDATE of a row has it told.`,
    );
  const without = reasons.get("absent");
  if (without !== undefined) {
    const names = [...absent].map((at) => shape.columns[at]!.name);
    const set = names.map((name) => `${quoted(name)} = ${quoted(name)}`).join(", ");
    told.push(
      `Told last before the table had ${columns(names)}, or by that name: ${without} ${rows(without)}. What is in there since is not logged; ` +
        `\`UPDATE ${shape.sql} SET ${set}\` has it told.`,
    );
  }
  const rewritten = reasons.get("rewritten");
  if (rewritten !== undefined)
    told.push(
      `ALTER TABLE wrote ${rewritten} ${rows(rewritten)} anew, with a column's other type or default, which is not logged. An UPDATE of them has them told, or: ${wayOut()}`,
    );
  const rekeyed = reasons.get("rekeyed");
  if (rekeyed !== undefined)
    told.push(
      `The key of the table was ${keyText(topicRows.rekeyed.names)} and is ${keyText(topicRows.key?.names ?? [])}, of which the last records of ${topicRows.rekeyed.rows} ` +
        `${rows(topicRows.rekeyed.rows)} do not tell enough to find them again. ${wayOut()}`,
    );
  const unfollowed = reasons.get("unfollowed");
  if (unfollowed !== undefined) {
    const names = [...topicRows.absent];
    const what =
      names.length > 0
        ? `some records do not know ${columns(names)}`
        : "ALTER TABLE wrote rows anew, which is not logged";
    told.push(
      `Rows without a key are known again by all that they hold, and ${what}. A primary key helps; ${lowered(wayOut())}`,
    );
  }
  if (stale > 0)
    told.push(
      `Records up to offset ${topicRows.earlierUpTo} are of an earlier table of that name: DROP TABLE is not logged, so the topic still tells ${stale} ${rows(stale)} of it. ${wayOut()}`,
    );
  const settings = differing > 0 ? settingsThatTellLess(config) : [];
  if (settings.length > 0)
    told.push(
      `The connector's config has ${settings.join(", ")}, by which records may tell less than the table holds, or other values.`,
    );
  return told;
}

/** Keys of the connector's config. */
function settingsThatTellLess(config: Readonly<Record<string, string>>): string[] {
  const tells =
    /^(column\.(mask|truncate|include)\.|snapshot\.(select\.statement\.overrides|include\.collection\.list)$|transforms$)/;
  const skipped = config["skipped.operations"];
  return [
    ...Object.keys(config).filter((key) => tells.test(key) && config[key] !== ""),
    ...(skipped !== undefined && skipped !== "none" ? ["skipped.operations"] : []),
  ].sort();
}

function rows(count: number): string {
  return count === 1 ? "row" : "rows";
}

function columns(names: readonly string[]): string {
  return `${names.length === 1 ? "column" : "columns"} ${names.join(", ")}`;
}

function keyText(names: readonly string[]): string {
  return names.length === 0 ? "none" : `(${names.join(", ")})`;
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function lowered(sentence: string): string {
  return sentence[0]!.toLowerCase() + sentence.slice(1);
}
