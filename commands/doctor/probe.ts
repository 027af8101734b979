import type { KafkaAddress } from "../../components/existing/kafka/kafka-access";
import { performance } from "node:perf_hooks";
import { withDatabase } from "../../components/connector/slot/connector-session";
import { PROBE_PREFIX } from "../../consumer/change/own-messages";
import type { SourceDatabase } from "../../components/connector/connector-types";
import { poll } from "../../components/poll";
import { duration } from "../../consumer/page/text";
import type { Answer } from "../look/answer";
import { withBroker } from "../../components/preflight/broker-look";
import type { Finding } from "../look/finding";

/** Pure: the topic in which a probe of this connector arrives; undefined: its config sends probes to none. */
export function probeTopic(config: Record<string, string>): string | undefined {
  const { "message.prefix.include.list": included, "message.prefix.exclude.list": excluded } = config;
  const listed = (list: string): boolean => list.split(",").some((each) => matches(each.trim(), PROBE_PREFIX));
  const passes = included === undefined ? excluded === undefined || !listed(excluded) : listed(included);
  return passes && config["topic.prefix"] ? `${config["topic.prefix"]}.message` : undefined;
}

/** Whether the pattern matches as Debezium matches: the whole prefix, case ignored. */
function matches(pattern: string, prefix: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "i").test(prefix);
  } catch {
    return false;
  }
}

/**
 * Writes a message into the database's log, and waits for it in Kafka. No table is touched, and the consumer
 * takes it for a heartbeat.
 *
 * @returns milliseconds from the statement to the record
 * @throws after the deadline, in milliseconds
 */
export async function probe(
  database: SourceDatabase,
  server: KafkaAddress,
  topic: string,
  deadlineMs: number,
): Promise<number> {
  return withBroker(server, deadlineMs, (admin) =>
    withDatabase({ ...database, query_timeout: deadlineMs }, async (client) => {
      // The first probe makes the topic. Who else writes messages at this very moment proves the same.
      const end = async (): Promise<bigint> =>
        admin.fetchTopicOffsets(topic).then(
          (partitions) => partitions.reduce((sum, { high }) => sum + BigInt(high), 0n),
          () => 0n,
        );
      const before = await end();
      const begun = performance.now();
      await client.query("SELECT pg_logical_emit_message(true, $1, '')", [PROBE_PREFIX]);
      return poll<number>(
        async () => {
          const now = await end();
          return now > before ? { done: true, value: performance.now() - begun } : { done: false, seen: "nothing" };
        },
        { what: `a message in ${topic}`, deadlineMs, intervalMs: 2 },
      );
    }),
  );
}

/** Pure. @param tried whether the probe was written at all */
export function probeFinding(measured: Answer<number>, tried: boolean): Finding {
  const finding = { part: "probe", about: "probe" } as const;
  if (measured.ok) {
    const text = `${duration(measured.value)} from a message in the database's log to its record in Kafka`;
    return { ...finding, mark: "good", text };
  }
  if (!tried) return { ...finding, mark: "note", text: `not tried: ${measured.reason}` };
  const text = `a message in the database's log did not reach Kafka: ${measured.reason}`;
  return { ...finding, mark: "bad", text, remedy: "npm run logs -- connect" };
}
