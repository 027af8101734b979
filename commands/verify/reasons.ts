/** The known reasons why a table differs from its topic, or why some of its rows cannot be compared, each with the way out. */
import type { ChangedTable } from "../../components/capture/tables/changed";
import { consequence, isReadAgain, whatHappened } from "../../components/capture/tables/changed-words";
import type { Comparison } from "./compare";
import type { OffsetRange } from "./rows/read-topics";
import type { TableShape } from "./compared-table";
import type { TopicRows } from "./rows/topic-rows";

export interface TopicFacts {
  shape: TableShape;
  topic: string;
  ranges: readonly OffsetRange[];
  /** What is known to have happened to the table since its rows were read. */
  told?: readonly ChangedTable[];
  /** The connector's. */
  config: Readonly<Record<string, string>>;
  /** How many records are gone from the topic's beginning. */
  gone: bigint;
  topicRows: Pick<TopicRows, "key" | "rekeyed" | "absent" | "earlierUpTo" | "otherLogUpTo">;
  comparison: Comparison;
}

/** The way to have a table read again, whatever its topic holds: `up` does so after a table was out of the publication, also where `schema.*` names it. */
export function wayOut({ shape, config }: Pick<TopicFacts, "shape" | "config">): string {
  const publication = config["publication.name"] ?? "dbz_publication";
  return `To have the table read again, run ALTER PUBLICATION ${quoted(publication)} DROP TABLE ${shape.sql}, then \`npm start\`.`;
}

/** Pure. */
export function reasonsOf(known: TopicFacts): string[] {
  const seen = [
    noTopic(known),
    beforeTheFirstRecord(known),
    withoutColumn(known),
    rewritten(known),
    rekeyed(known),
    unfollowed(known),
    ofAnEarlierTable(known),
    ofAnotherLog(known),
    toldLess(known),
  ].filter((reason) => reason !== undefined);
  const found = [...seen, ...happened(known, seen.length > 0)];
  return found.length === 0 && known.comparison.differing > 0 ? [wayOut(known)] : found;
}

/**
 * What `npm start` mends by reading the rows again, or refuses. An apply that is under way may be reading them.
 *
 * @param isExplained whether the rows have shown a reason already. That of an ALTER TABLE says more than its note.
 */
function happened({ told = [] }: TopicFacts, isExplained: boolean): string[] {
  return told
    .filter((each) => isReadAgain(each) || each.what === "unread" || each.what === "apart")
    .filter((each) => !(isExplained && each.what === "altered"))
    .map((each) => sentence(`${whatHappened(each)}: ${consequence(each)}.`));
}

function sentence(text: string): string {
  return /^[a-z]+ /.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text;
}

function noTopic({ ranges, topic, config }: TopicFacts): string | undefined {
  if (ranges.length > 0) return undefined;
  return `There is no topic ${topic}.${config["transforms"] ? " The connector's transforms may send the records to others." : ""}`;
}

function beforeTheFirstRecord(known: TopicFacts): string | undefined {
  const { comparison, gone, topic, config } = known;
  const count = comparison.reasons.get("removed");
  if (count === undefined) return undefined;
  return gone > 0n
    ? `The first ${gone} records of ${topic} no longer exist (retention, or deleted); ${count} ${rows(count)} may have been in them. ${wayOut(known)}`
    : `With snapshotMode ${config["snapshot.mode"]} no record has rows from before the capture; ${count} ${rows(count)} may be such. An UPDATE of a row writes it to the topic.`;
}

function withoutColumn({ comparison: { reasons, absent }, shape }: TopicFacts): string | undefined {
  const count = reasons.get("absent");
  if (count === undefined) return undefined;
  const names = [...absent].map((at) => shape.columns[at]!.name);
  const set = names.map((name) => `${quoted(name)} = ${quoted(name)}`).join(", ");
  return (
    `Last written to the topic before the table had ${columns(names)}, or by that name: ${count} ${rows(count)}. The values since then are not logged; ` +
    `\`UPDATE ${shape.sql} SET ${set}\` writes them to the topic.`
  );
}

function rewritten(known: TopicFacts): string | undefined {
  const { comparison } = known;
  const count = comparison.reasons.get("rewritten");
  if (count === undefined) return undefined;
  return `ALTER TABLE wrote ${count} ${rows(count)} anew, with a column's other type or default, which is not logged. An UPDATE writes them to the topic. Or: ${wayOut(known)}`;
}

function rekeyed(known: TopicFacts): string | undefined {
  const {
    comparison,
    topicRows: { rekeyed, key },
  } = known;
  if (!comparison.reasons.has("rekeyed")) return undefined;
  return (
    `The key of the table was ${keyText(rekeyed.names)} and is ${keyText(key?.names ?? [])}, of which the last records of ${rekeyed.rows} ` +
    `${rows(rekeyed.rows)} do not have enough to find these rows again. ${wayOut(known)}`
  );
}

function unfollowed(known: TopicFacts): string | undefined {
  const { comparison, topicRows } = known;
  if (!comparison.reasons.has("unfollowed")) return undefined;
  const names = [...topicRows.absent];
  const what =
    names.length > 0 ? `some records lack ${columns(names)}` : "ALTER TABLE wrote rows anew, which is not logged";
  return `Rows without a key are recognised by all their values, and ${what}. A primary key helps; ${lowered(wayOut(known))}`;
}

function ofAnEarlierTable(known: TopicFacts): string | undefined {
  const {
    comparison: { stale },
    topicRows,
    ranges,
  } = known;
  if (stale === 0) return undefined;
  return `${recordsUpTo(topicRows.earlierUpTo, ranges)} are of an earlier table of that name: DROP TABLE is not logged, so the topic still has ${stale} ${rows(stale)} of it. ${wayOut(known)}`;
}

function ofAnotherLog(known: TopicFacts): string | undefined {
  const {
    comparison: { differing },
    topicRows,
    ranges,
  } = known;
  if (differing === 0 || topicRows.otherLogUpTo.size === 0) return undefined;
  return (
    `${recordsUpTo(topicRows.otherLogUpTo, ranges)} have positions that the database's log has not come to: an older copy of the database is in its place, or another server, ` +
    `and the topic has changes that it lacks. ${wayOut(known)}`
  );
}

function recordsUpTo(last: ReadonlyMap<number, number>, ranges: TopicFacts["ranges"]): string {
  const upTo = [...last]
    .sort(([one], [other]) => one - other)
    .map(([partition, offset]) => `offset ${offset}${ranges.length > 1 ? ` of partition ${partition}` : ""}`);
  return `Records up to ${upTo.join(", ")}`;
}

function toldLess({ comparison: { differing }, config }: TopicFacts): string | undefined {
  const settings = differing > 0 ? settingsThatTellLess(config) : [];
  if (settings.length === 0) return undefined;
  return `The connector's config has ${settings.join(", ")}, by which records may have less than the table, or other values.`;
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
