/** The versions of rows in the stack's topics, in the order of their records. It reads Debezium's envelope with a parser of its own. */
import { withBroker } from "../../../components/preflight/broker-look";
import { readRanges, rangesOf, type TimedRecord } from "../../verify/rows/read-topics";
import { versionOf } from "../version";
import type { Op } from "../../../consumer/api";
import type { ToldVersion } from "./reckon";

const ASK_MS = 10_000;

/** Operations by Debezium's letters. */
const OPS: Record<string, Op> = { c: "create", u: "update", d: "delete", r: "snapshot", t: "truncate" };

interface Envelope {
  op: string;
  before: { version?: unknown } | null;
  after: { version?: unknown } | null;
  source: { txId?: unknown };
}

/** Reads every record of some topics, from their beginning to their present end. */
export async function toldBy(server: string, topics: readonly string[]): Promise<ToldVersion[]> {
  const ranges = await withBroker(server, ASK_MS, (admin) => rangesOf(admin, topics));
  const told: ToldVersion[] = [];
  await readRanges(server, ranges, (_topic, record) => {
    const one = toldOf(record);
    if (one) told.push(one);
  });
  return told;
}

/** Pure: the version in a record; undefined for a tombstone, and for a row that is not the writer's. */
export function toldOf({ value, timestamp }: Pick<TimedRecord, "value" | "timestamp">): ToldVersion | undefined {
  if (value === null) return undefined;
  const { op, before, after, source } = JSON.parse(value.toString("utf8")) as Envelope;
  const word = OPS[op];
  const version = word && versionOf(word, (after ?? before)?.version, source.txId);
  return version === undefined ? undefined : { version, at: Number(timestamp) };
}
