/** A second look at the few keys that differ: hashes say that they do, not how. */
import { stringify } from "lossless-json";
import type { Client } from "pg";
import type { Comparison } from "./compare";
import { canonOf, rowsOf } from "./database-rows";
import { keyOf } from "./rows";
import type { Difference } from "./result";
import type { TableShape } from "./table";
import { envelopeOf, type TopicRecord, valuesOf } from "./topic-rows";

type Texts = Record<string, string | null>;

/** The same in both sides' own words. */
interface Side {
  /** By column, as a person reads it. */
  texts: Texts;
  /** By column, as it is compared; undefined: not told. */
  canons: (string | undefined)[];
}

/**
 * @param key places of the key's columns; empty: the whole row
 * @param readTopic calls back with each record of the table's topic once more
 */
export async function differencesOf(
  client: Client,
  shape: TableShape,
  key: readonly number[],
  { mismatches }: Comparison,
  readTopic: (take: (record: TopicRecord) => void) => Promise<void>,
): Promise<Difference[]> {
  const database = await databaseSides(client, shape, key, new Set(mismatches.map((each) => each.key)));
  const topic = new Map<number, Side>();
  const offsets = new Set(mismatches.map(({ offset }) => offset));
  await readTopic((record) => {
    if (offsets.has(Number(record.offset))) topic.set(Number(record.offset), topicSide(shape, record));
  });
  return mismatches.map(({ key: hash, kind, offset }) => {
    const left = kind === "only in the topic" ? undefined : database.get(hash);
    const right = offset === null ? undefined : topic.get(offset);
    const known = left ?? right;
    const names = key.length > 0 ? key.map((at) => shape.columns[at]!.name) : shape.columns.map(({ name }) => name);
    return {
      kind,
      key: Object.fromEntries(names.map((name) => [name, known?.texts[name] ?? null])),
      offset,
      columns: key.length > 0 && left && right ? columnsOf(shape, left, right) : {},
    };
  });
}

function columnsOf({ columns }: TableShape, database: Side, topic: Side): Difference["columns"] {
  const unlike = columns.filter((_, at) => database.canons[at] !== topic.canons[at]);
  return Object.fromEntries(
    unlike.map(({ name }) => [name, { database: database.texts[name] ?? null, topic: topic.texts[name] ?? null }]),
  );
}

async function databaseSides(
  client: Client,
  shape: TableShape,
  key: readonly number[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, Side>> {
  const sides = new Map<string, Side>();
  for await (const row of rowsOf(client, shape)) {
    const values = canonOf(shape, row);
    const hash = keyOf(key.length > 0 ? key.map((at) => values[at]) : values).toString("hex");
    if (!wanted.has(hash)) continue;
    const texts = Object.fromEntries(shape.columns.map(({ name }, at) => [name, row[at]!]));
    sides.set(hash, { texts, canons: values.map((value) => JSON.stringify(value)) });
  }
  return sides;
}

function topicSide(shape: TableShape, record: TopicRecord): Side {
  const { before, after, unchanged = [] } = envelopeOf(record.value!, shape.name);
  const row = after ?? before ?? {};
  const texts = shape.columns.map(({ name }): [string, string | null] => {
    const value = row[name];
    if (unchanged.includes(name)) return [name, "(left as it was by this record)"];
    if (value === undefined) return [name, "(not in this record)"];
    return [name, value === null ? null : typeof value === "string" ? value : stringify(value)!];
  });
  const canons = valuesOf(shape, row, unchanged).map((value) =>
    value === undefined ? undefined : JSON.stringify(value),
  );
  return { texts: Object.fromEntries(texts), canons };
}
