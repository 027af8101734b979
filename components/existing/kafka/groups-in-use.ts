/**
 * Whether others are in the stack's groups, in a Kafka that somebody else runs. Two workers of one group divide the connectors of both, and two
 * consumers the partitions: each stack would have a part of the changes, and the other one's connector.
 */
import * as pulumi from "@pulumi/pulumi";
import { memberIndex } from "../../cluster/members";
import type { AppliedStack } from "../../preflight/applied";
import type { EngineLists, ListedContainer } from "../../preflight/engine-lists";
import { TAKE_OVER_VARIABLE, takeOverWay } from "../../preflight/take-over-way";
import type { Settings } from "../../settings/settings";
import { groupOf, workerNames } from "./group-names";
import type { KafkaAccess } from "./kafka-access";
import { endText, type GroupMember, lingering, shown } from "./lingering";
import type { FoundTopics } from "./look-at-kafka";

type Asked = Pick<Settings, "prefix" | "existingKafka" | "existingConnect">;
type Known = Pick<AppliedStack, "containers" | "kafkaClusters" | "kafkaServers">;

const ASK_MS = 3_000;

/**
 * Refuses a run that would join others in the stack's groups.
 *
 * @param hasConsumer whether the stack has a consumer
 * @throws pulumi.RunError that names the members, and the ways out
 */
export async function refuseJoining(
  { address, kafka }: Pick<FoundTopics, "address" | "kafka">,
  settings: Asked,
  applied: Known,
  hasConsumer: boolean,
  lists: Pick<EngineLists, "containers">,
): Promise<void> {
  // Another check says when the engine does not answer.
  const there = await lists.containers().catch(() => []);
  const groups = groupsToBeFree(settings, applied, kafka.clusterId, hasConsumer, there);
  await refuseGroupsInUse(address, settings, groups, applied.containers.size > 0);
}

/**
 * Pure: groups that the stack joins in this Kafka and is not in yet: a member can only be another's. Where the state or the engine has the stack's
 * containers, the members are those.
 *
 * @param hasConsumer whether the stack has a consumer
 */
export function groupsToBeFree(
  settings: Asked,
  { containers, kafkaClusters, kafkaServers = [] }: Known,
  clusterId: string,
  hasConsumer: boolean,
  there: readonly Pick<ListedContainer, "name" | "stack">[],
): string[] {
  const { prefix, existingKafka, existingConnect } = settings;
  // Containers connect by address: what answers there now has them as members, whichever cluster it is.
  const isAtSame = (existingKafka?.servers ?? "").split(",").some((server) => kafkaServers.includes(server));
  const isTheirs = isAtSame || (kafkaClusters?.includes(clusterId) ?? true);
  const labelled = there.filter(({ stack }) => stack === prefix).map(({ name }) => name);
  // Containers of a stack that has not been in this Kafka so far are in the groups of another one.
  const names = isTheirs ? [...containers.keys(), ...labelled] : [];
  const has = (role: string): boolean => names.some((name) => memberIndex(`${prefix}-${role}`, name) !== undefined);
  return [
    ...(hasConsumer && !has("consumer") ? [groupOf(settings)] : []),
    ...(existingConnect === undefined && !has("connect") ? [workerNames(existingKafka && prefix).group] : []),
  ];
}

/**
 * @param groups see `groupsToBeFree`
 * @param isKnown whether the state has the stack, with no program in those groups
 * @param scale of the wait for killed programs; tests take a shorter one
 * @throws pulumi.RunError that names the members, and the ways out
 */
export async function refuseGroupsInUse(
  kafka: KafkaAccess,
  { prefix }: Pick<Settings, "prefix">,
  groups: readonly string[],
  isKnown: boolean,
  env = process.env,
  scale = 1,
): Promise<void> {
  if (groups.length === 0 || env[TAKE_OVER_VARIABLE] === prefix) return;
  const { withBroker } = await import("../../preflight/broker-look");
  // Whether the Kafka answers, and lets the client into the groups, is asked before this.
  const members = await withBroker(kafka, ASK_MS, (admin) => lingering(admin, groups, scale)).catch(() => []);
  if (members.length > 0) throw new pulumi.RunError(groupsInUseText(kafka, prefix, members, isKnown));
}

/** Pure. @param isKnown whether the state has the stack */
export function groupsInUseText(
  { servers }: Pick<KafkaAccess, "servers">,
  prefix: string,
  members: readonly GroupMember[],
  isKnown: boolean,
): string {
  const whose = isKnown
    ? "By this folder's state the stack has no program in them: another clone's stack of the same name has started them."
    : "This folder's state knows nothing of them. Another clone's stack of the same name has started them, or this one did before its state was removed.";
  const own = isKnown
    ? `If they are this stack's all the same: run this with ${TAKE_OVER_VARIABLE}=${prefix} in the environment.`
    : `If they are this stack's, and the state has nothing of it any more: ${takeOverWay(prefix)}.`;
  return (
    `In Kafka at ${servers} (cdc:bootstrapServers) others are in the groups of the stack ${prefix}: ${shown(members)}. ${whose} Nothing was ` +
    "changed: this run would share out connector and changes with them. Start a stack of another name (`pulumi stack init NAME`, with another " +
    `topicPrefix; in a program of your own another \`prefix\` does as well). Or end those, and run this again.${endText(members)} ${own}`
  );
}
