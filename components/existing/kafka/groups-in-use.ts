/**
 * Whether others are in the stack's groups, in a Kafka that somebody else runs. Two workers of one group divide the connectors of both, and two
 * consumers the partitions: each stack would have a part of the changes, and the other one's connector.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Admin } from "kafkajs";
import { memberIndex } from "../../cluster/members";
import { poll } from "../../poll";
import type { AppliedStack } from "../../preflight/applied";
import type { EngineLists, ListedContainer } from "../../preflight/engine-lists";
import { TAKE_OVER_VARIABLE } from "../../preflight/namesakes";
import { takeOverWay } from "../../preflight/take-over-way";
import type { Settings } from "../../settings/settings";
import { groupOf, workerNames } from "./group-names";
import type { KafkaAccess } from "./kafka-access";
import type { FoundTopics } from "./look-at-kafka";

type Asked = Pick<Settings, "prefix" | "existingKafka" | "existingConnect">;

/** A member of a group, as the broker tells it. */
export interface GroupMember {
  group: string;
  /** What the program calls itself, and the address that it comes from. */
  clientId: string;
  host: string;
}

/** A killed member counts until its session ends, after 6 s for the stack's own programs. */
const LEAVE_MS = 9_000;
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
  applied: Pick<AppliedStack, "containers" | "kafkaClusters">,
  hasConsumer: boolean,
  lists: Pick<EngineLists, "containers">,
): Promise<void> {
  // Another check says when the engine does not answer.
  const there = await lists.containers().catch(() => []);
  await refuseGroupsInUse(address, settings, groupsToBeFree(settings, applied, kafka.clusterId, hasConsumer, there));
}

/**
 * Pure: groups that the stack joins in this Kafka and is not in yet: a member can only be another's. Where the state or the engine has the stack's
 * containers, the members are those.
 *
 * @param hasConsumer whether the stack has a consumer
 */
export function groupsToBeFree(
  settings: Asked,
  { containers, kafkaClusters }: Pick<AppliedStack, "containers" | "kafkaClusters">,
  clusterId: string,
  hasConsumer: boolean,
  there: readonly Pick<ListedContainer, "name" | "stack">[],
): string[] {
  const { prefix, existingKafka, existingConnect } = settings;
  const isKnown = kafkaClusters?.includes(clusterId) ?? true;
  const labelled = there.filter(({ stack }) => stack === prefix).map(({ name }) => name);
  // Containers of a stack that has not been in this Kafka so far are in the groups of another one.
  const names = isKnown ? [...containers.keys(), ...labelled] : [];
  const has = (role: string): boolean => names.some((name) => memberIndex(`${prefix}-${role}`, name) !== undefined);
  return [
    ...(hasConsumer && !has("consumer") ? [groupOf(settings)] : []),
    ...(existingConnect === undefined && !has("connect") ? [workerNames(existingKafka && prefix).group] : []),
  ];
}

/**
 * @param groups see `groupsToBeFree`
 * @throws pulumi.RunError that names the members, and the ways out
 */
export async function refuseGroupsInUse(
  kafka: KafkaAccess,
  { prefix }: Pick<Settings, "prefix">,
  groups: readonly string[],
  env = process.env,
): Promise<void> {
  if (groups.length === 0 || env[TAKE_OVER_VARIABLE] === prefix) return;
  const { withBroker } = await import("../../preflight/broker-look");
  // Whether the Kafka answers, and lets the client into the groups, is asked before this.
  const members = await withBroker(kafka, ASK_MS, (admin) => lingering(admin, groups)).catch(() => []);
  if (members.length > 0) throw new pulumi.RunError(groupsInUseText(kafka, prefix, members));
}

/** Members that stay for longer than killed ones do. */
export async function lingering(
  admin: Pick<Admin, "describeGroups">,
  groups: readonly string[],
  deadlineMs = LEAVE_MS,
): Promise<GroupMember[]> {
  let seen = await membersOf(admin, groups);
  if (seen.length === 0) return [];
  void pulumi.log.info(
    `Waiting whether ${shown(seen)} leaves: a program that was killed counts for some seconds more.`,
  );
  await poll<void>(
    async () => {
      seen = await membersOf(admin, groups);
      return seen.length === 0 ? { done: true, value: undefined } : { done: false, seen: shown(seen) };
    },
    { what: "the groups to be empty", deadlineMs, intervalMs: 500 },
  ).catch(() => undefined);
  return seen;
}

async function membersOf(admin: Pick<Admin, "describeGroups">, names: readonly string[]): Promise<GroupMember[]> {
  const { groups } = await admin.describeGroups([...names]);
  return groups.flatMap(({ groupId, members }) =>
    members.map(({ clientId, clientHost }) => ({ group: groupId, clientId, host: clientHost.replace(/^\//, "") })),
  );
}

function shown(members: readonly GroupMember[]): string {
  return members.map(({ group, clientId, host }) => `${clientId} at ${host} in ${group}`).join(", ");
}

/** Pure. */
export function groupsInUseText(
  { servers }: Pick<KafkaAccess, "servers">,
  prefix: string,
  members: readonly GroupMember[],
): string {
  return (
    `In Kafka at ${servers} (cdc:bootstrapServers) others are in the groups of the stack ${prefix}: ${shown(members)}. This folder's state knows ` +
    "nothing of them. Another clone's stack of the same name has started them, or this one did before its state was removed. Nothing was " +
    "changed: this run would share out connector and changes with them. Start a stack of another name (`pulumi stack init NAME`, with another " +
    "topicPrefix; in a program of your own another `prefix` does as well). Or end those, and run this again. If they are this stack's, and the " +
    `state has nothing of it any more: ${takeOverWay(prefix)}.`
  );
}
