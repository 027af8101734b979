/** Reads the few rows that differ once more: hashes show that rows differ, but not in which columns. */
import { parse, stringify } from "lossless-json";
import type { Client } from "pg";
import type { Comparison } from "./compare";
import { canonOf, eachRow } from "./rows/database-rows";
import { NUMBER, TEXT } from "./values/forms";
import { envelopeOf, type TopicRecord } from "./values/record-envelope";
import { type RowHashes, UNCHANGED } from "./rows/hashes";
import type { RowDifference } from "./result";
import type { TableShape } from "./compared-table";
import { valuesOf } from "./rows/topic-rows";

/** A row as one side has it. */
interface Side {
  /** By column, as a person reads it. */
  texts: Record<string, string | null>;
  /** By column, as it is compared; undefined: the record leaves it out. */
  canons: (string | undefined)[];
}

/**
 * @param key places of the key's columns; empty: the whole row
 * @param partitions of the table's topic
 * @param readTopic calls back with each record of it once more
 */
export async function differencesOf(
  client: Client,
  shape: TableShape,
  hashes: RowHashes,
  key: readonly number[],
  { mismatches }: Comparison,
  partitions: number,
  readTopic: (take: (record: TopicRecord) => void) => Promise<void>,
): Promise<RowDifference[]> {
  const wanted = new Set(mismatches.map((each) => each.key));
  const database = await databaseSides(client, shape, hashes, key, wanted);
  const topic = new Map<string, Side>();
  const last = new Set(mismatches.flatMap((each) => (each.last === null ? [] : [spotOf(each.last)])));
  if (last.size > 0)
    await readTopic((record) => {
      const spot = spotOf(record);
      if (record.value !== null && last.has(spot)) topic.set(spot, topicSide(shape, record));
    });
  return mismatches.map(({ key: hash, kind, last, untold }) => {
    const left = kind === "only in the topic" ? undefined : database.get(hash);
    const right = last === null ? undefined : topic.get(spotOf(last));
    const known = left ?? right;
    const names = key.length > 0 ? key.map((at) => shape.columns[at]!.name) : shape.columns.map(({ name }) => name);
    return {
      ...{ kind, certain: untold === undefined },
      ...{ partition: partitions > 1 && last !== null ? last.partition : null, offset: last?.offset ?? null },
      key: Object.fromEntries(names.map((name) => [name, known?.texts[name] ?? null])),
      columns: key.length > 0 && left && right ? columnsOf(shape, left, right) : {},
    };
  });
}

/** Each partition has offsets of its own. */
function spotOf({ partition, offset }: { partition: number; offset: number | string }): string {
  return `${partition}/${offset}`;
}

function columnsOf({ columns }: TableShape, database: Side, topic: Side): RowDifference["columns"] {
  const unlike = columns.flatMap(({ name }, at) => (database.canons[at] === topic.canons[at] ? [] : [{ name, at }]));
  return Object.fromEntries(
    unlike.map(({ name, at }) => {
      const [left, right] = [database.texts[name] ?? null, topic.texts[name] ?? null];
      if (left === null || left !== right) return [name, { database: left, topic: right }];
      return [
        name,
        { database: `${left}${kindOf(database.canons[at])}`, topic: `${right}${kindOf(topic.canons[at])}` },
      ];
    }),
  );
}

/** The kind of a value, which distinguishes values that print the same: the integer 7 arrives as a number, and as a text once its column is `numeric`. */
function kindOf(canon: string | undefined): string {
  const kinds: Record<string, string> = { [`"${TEXT}`]: " (a text)", [`"${NUMBER}`]: " (a number)" };
  return kinds[canon?.slice(0, 2) ?? ""] ?? "";
}

async function databaseSides(
  client: Client,
  shape: TableShape,
  hashes: RowHashes,
  key: readonly number[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, Side>> {
  const sides = new Map<string, Side>();
  await eachRow(client, shape, ({ texts: own }) => {
    const values = canonOf(shape, own);
    const hash = hashes.keyOf(values, key).toString("hex");
    if (!wanted.has(hash)) return;
    const texts = Object.fromEntries(shape.columns.map(({ name }, at) => [name, own[at]!]));
    sides.set(hash, { texts, canons: values.map((value) => JSON.stringify(value)) });
  });
  return sides;
}

function topicSide(shape: TableShape, record: TopicRecord): Side {
  const { before, after, unchanged } = envelopeOf(record.value!, shape.name, (text) => parse(text));
  const row = after ?? before ?? {};
  const values = valuesOf(shape, row, unchanged);
  const texts = shape.columns.map(({ name }, at): [string, string | null] => {
    if (values[at] === UNCHANGED) return [name, "(left as it was by this record)"];
    const value = row[name];
    if (value === undefined) return [name, "(not in this record)"];
    return [name, value === null || typeof value === "string" ? value : stringify(value)!];
  });
  const canons = values.map((value) => (typeof value === "symbol" ? undefined : JSON.stringify(value)));
  return { texts: Object.fromEntries(texts), canons };
}
