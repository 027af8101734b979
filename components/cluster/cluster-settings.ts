/** Settings for the number of brokers, workers and consumers, and combinations that do not work. */
import { durabilityOf } from "./durability";

export interface ClusterSettings {
  /** Kafka brokers: 1, or an odd number. @default 1 */
  brokers: number;
  /** Kafka Connect workers. @default 1 */
  connectWorkers: number;
  /** Consumers in one group. @default 1 */
  consumers: number;
}

/** Other settings that have to fit to these. */
export interface Beside {
  /** Whether Kafka and Kafka Connect are somebody else's. */
  existingKafka: boolean;
  existingConnect: boolean;
  /** Whether the stack has no consumer. */
  noConsumer: boolean;
  replicationFactor: number;
  minInsyncReplicas: number;
  partitions: number;
  /** Number of captured tables when all are named one by one; undefined when a whole schema is named. */
  tables: number | undefined;
}

/** Pure: what is wrong, as `[key, sentence without its subject]`; the key is the subject. */
export function clusterProblems(settings: ClusterSettings, beside: Beside): [key: string, sentence: string][] {
  const { brokers, connectWorkers, consumers } = settings;
  const problems: [string, string][] = [];
  const wrong = (key: string, sentence: string): number => problems.push([key, sentence]);
  if (brokers > 1 && beside.existingKafka)
    wrong("brokers", ` is ${brokers}, but the brokers are those of cdc:bootstrapServers. Take one of the two away.`);
  else if (brokers % 2 === 0)
    wrong(
      "brokers",
      ` is ${brokers}; allowed: 1, 3, 5, 7. ${brokers} bear no more failures than ${brokers - 1}, and of two copies either both ` +
        "have to be there for a write, or one alone has what was written.",
    );
  if (connectWorkers > 1 && beside.existingConnect)
    wrong(
      "connectWorkers",
      ` is ${connectWorkers}, but the workers are those of cdc:connectUrl. Take one of the two away.`,
    );
  if (consumers > 1 && beside.noConsumer)
    wrong("consumers", ` is ${consumers}, but cdc:consumer is none. Take one of the two away.`);
  const { partitions, tables = Infinity } = beside;
  // A single consumer is allowed even if it has to wait for partitions.
  if (consumers > 1 && consumers > partitions * tables)
    wrong(
      "consumers",
      ` is ${consumers}, but the tables' topics have ${partitions * tables} partition${partitions * tables === 1 ? "" : "s"} in all: ` +
        `${consumers - partitions * tables} of them would have nothing to read. Raise cdc:partitions to ${Math.ceil(consumers / tables)} at least.`,
    );
  if (!beside.existingKafka) problems.push(...copyProblems(brokers, beside));
  return problems;
}

/** Problems of copies with the stack's own brokers. An existing Kafka is asked what it has. */
function copyProblems(brokers: number, beside: Beside): [key: string, sentence: string][] {
  const { replicationFactor, minInsyncReplicas } = beside;
  const { copies } = durabilityOf({ brokers, ...beside });
  const those = brokers === 1 ? "the stack's own Kafka is one broker" : `there are ${brokers} brokers`;
  if (replicationFactor > brokers)
    return [
      ["replicationFactor", ` is ${replicationFactor}, but ${those}: each keeps one copy at most (cdc:brokers).`],
    ];
  // When the number of copies is set, the check of that setting says it.
  if (replicationFactor === 0 && minInsyncReplicas > copies)
    return [
      [
        "minInsyncReplicas",
        ` is ${minInsyncReplicas}, more than the ${copies} ${copies === 1 ? "copy" : "copies"} there can be of each record: none could be written.`,
      ],
    ];
  if (copies > 1 && minInsyncReplicas === copies)
    return [
      [
        "minInsyncReplicas",
        ` is ${minInsyncReplicas}, as many as there are copies: while any one broker is down nothing could be written. ${copies - 1} is the most.`,
      ],
    ];
  return [];
}
