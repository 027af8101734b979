/**
 * In which Kafka the state's topics are. An `up` that fails on the way to another Kafka leaves some here and some there, and the state names
 * them alike: only the Kafka itself tells which it has.
 */
import { OWN_KAFKA } from "../existing/kafka/group-names";
import type { TopicShape } from "../existing/kafka/kafka-look";
import type { AppliedStack, AppliedTopic } from "./applied";

type State = Pick<AppliedStack, "topics" | "kafkaClusters" | "othersTopics"> & {
  connector?: Pick<NonNullable<AppliedStack["connector"]>, "kafkaCluster">;
};

/**
 * Pure: the Kafka that the stack works with, by its id: the connector is the last to go to another one. Undefined: the state does not tell.
 */
export function workingKafka({ connector, kafkaClusters = [] }: Omit<State, "topics">): string | undefined {
  return connector?.kafkaCluster ?? kafkaClusters[0];
}

/** Pure: whether the stack works with this Kafka. A state that does not tell is taken to be of it. */
export function isInKafka(applied: Omit<State, "topics">, clusterId = OWN_KAFKA): boolean {
  const working = workingKafka(applied);
  return working === undefined || working === clusterId;
}

/**
 * Pure: the state's topics that the stack has in this Kafka. Those in another one are not these, and neither are those of somebody else's that have
 * their names.
 *
 * @param present what it has. Undefined: it was not asked, and between two the one that the stack works with is taken to have all
 */
export function topicsIn(
  applied: State,
  clusterId: string = OWN_KAFKA,
  present?: ReadonlyMap<string, TopicShape>,
): AppliedTopic[] {
  const { kafkaClusters = [clusterId], othersTopics, topics } = applied;
  if (!kafkaClusters.includes(clusterId)) return [];
  const others = othersTopics?.clusterId === clusterId ? othersTopics.names : [];
  const ours = topics.filter(({ name }) => !others.includes(name));
  if (kafkaClusters.length === 1) return ours;
  if (present === undefined) return isInKafka(applied, clusterId) ? ours : [];
  return ours.flatMap((topic) => {
    const shape = present.get(topic.name);
    return shape === undefined ? [] : [{ ...topic, partitions: shape.partitions, copies: shape.replicas }];
  });
}
