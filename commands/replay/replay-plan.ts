/** Which offsets a replay sets. */
import type { Admin } from "kafkajs";
import { topicOf } from "../../components/names/topic-names";
import { UsageError } from "../terminal/usage";
import type { Start } from "./replay-options";

/** One partition; offsets are those of the next record to handle. */
export interface ReplayStep {
  topic: string;
  partition: number;
  /** Offset of the oldest record that Kafka still has; `high` is the one behind the newest. */
  low: bigint;
  high: bigint;
  committed: bigint;
  target: bigint;
}

/**
 * Pure: the topics of some tables, whose prefix holds no dot.
 *
 * @throws UsageError for a table that is not captured
 */
export function topicsOfTables(tables: readonly string[], topics: readonly string[]): string[] {
  if (tables.length === 0) return [...topics];
  const tableOf = (topic: string) => topic.slice(topic.indexOf(".") + 1);
  return tables.map((table) => {
    // A transform may have given a topic a name without a prefix.
    const topic = topics.find(
      (each) => each === topicOf(each.slice(0, each.indexOf(".")), table) || tableOf(each) === table,
    );
    if (topic === undefined) {
      throw new UsageError(`--table is "${table}"; the consumer reads ${topics.map(tableOf).join(", ")}`);
    }
    return topic;
  });
}

/** Asks the broker for the group's offset in each partition, and for the one at which the replay would begin. */
export async function planOf(
  admin: Admin,
  groupId: string,
  topics: readonly string[],
  start: Start,
): Promise<ReplayStep[]> {
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
  const steps = topics.map(async (topic) => {
    const [bounds, since] = await Promise.all([
      admin.fetchTopicOffsets(topic),
      start.kind === "time" ? admin.fetchTopicOffsetsByTimestamp(topic, start.ms) : undefined,
    ]);
    const known = committed.find((each) => each.topic === topic)?.partitions ?? [];
    return bounds.map(({ partition, low, high }): ReplayStep => {
      const of = (list: { partition: number; offset: string }[] | undefined) =>
        BigInt(list?.find((each) => each.partition === partition)?.offset ?? "-1");
      // A group without a committed offset begins with the oldest record.
      const next = of(known) < BigInt(low) ? BigInt(low) : of(known);
      return {
        topic,
        partition,
        low: BigInt(low),
        high: BigInt(high),
        committed: next,
        target: targetOf(start, BigInt(low), of(since)),
      };
    });
  });
  return (await Promise.all(steps)).flat();
}

function targetOf(start: Start, low: bigint, since: bigint): bigint {
  if (start.kind === "beginning") return low;
  return start.kind === "offset" ? start.offset : since;
}

/**
 * Pure: the steps that go back.
 *
 * @throws UsageError for an offset of which partition is not said, that Kafka no longer has, or that would skip records which were not handled
 */
export function stepsBack(all: readonly ReplayStep[], start: Start): ReplayStep[] {
  const steps = start.kind === "offset" ? ofPartition(all, start.partition) : all;
  for (const { topic, partition, low, committed, target } of steps) {
    if (start.kind !== "offset") continue;
    if (target < low) {
      throw new UsageError(`--offset is ${target}; ${topic}/${partition} holds its records from ${low} on`);
    }
    if (target > committed) {
      throw new UsageError(
        `--offset is ${target}; ${topic}/${partition} is handled up to ${committed}, and a replay skips nothing`,
      );
    }
  }
  return steps.filter(({ committed, target }) => target < committed);
}

/** An offset says nothing of other partitions than its own. */
function ofPartition(steps: readonly ReplayStep[], partition: number | undefined): ReplayStep[] {
  const found = steps.filter((step) => partition === undefined || step.partition === partition);
  if (found.length === 1) return found;
  const there = steps.map((step) => step.partition).sort((a, b) => a - b);
  const [topic, list] = [steps[0]?.topic, there.join(", ")];
  throw new UsageError(
    found.length === 0
      ? `--partition is ${partition}; ${topic} has ${list}`
      : `--offset is one partition's, and ${topic} has ${list}: name it with --partition`,
  );
}

/** Pure: the records to be handled again, a line for each partition. @param inTransactions whether some offsets are of no record */
export function planLines(steps: readonly ReplayStep[], inTransactions = false): string[] {
  const width = Math.max(...steps.map(({ topic, partition }) => `${topic}/${partition}`.length));
  return steps.map(({ topic, partition, committed, target }) => {
    const records = committed - target;
    return `  ${`${topic}/${partition}`.padEnd(width)}  offset ${target} to ${committed - 1n}: ${inTransactions ? "at most " : ""}${records} record${records === 1n ? "" : "s"}`;
  });
}
