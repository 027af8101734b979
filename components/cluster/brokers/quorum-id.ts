/**
 * The id of a cluster that keeps its metadata itself. Each of its brokers' volumes is formatted with it. It is random, and is a label of the volumes,
 * so that the state has it before the first volume is formatted.
 */
import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { CLUSTER_LABEL } from "../../container/labels";
import type { AppliedStack } from "../../preflight/applied";
import type { Settings } from "../../settings/settings";
import { memberIndex } from "../members";

export interface Quorum {
  clusterId: string;
  /** Members whose volumes exist without the label: the first, when it was the only one. */
  unlabelled: readonly number[];
}

/**
 * The id that the brokers of a stack have, or will get.
 *
 * @returns undefined for one broker, or with ZooKeeper
 * @throws pulumi.RunError when an only broker, which has made up its id, does not give it; and when the broker is lost that the others have joined
 */
export async function findQuorum(
  applied: AppliedStack,
  {
    coordination,
    brokers = 1,
    prefix,
    existingKafka,
  }: Pick<Settings, "coordination" | "brokers" | "prefix" | "existingKafka">,
): Promise<Quorum | undefined> {
  if (coordination !== "kraft" || brokers === 1 || existingKafka !== undefined) return undefined;
  const { clusterId, members, unlabelled } = quorumIn(applied, prefix);
  // The first broker, formatted again, would begin a cluster of its own beside that of the others.
  if (members.length > 0 && !members.includes(1) && applied.topics.length > 0)
    throw new pulumi.RunError(
      `The volume ${prefix}-kafka-data is not in the stack's state any more, and those of other brokers are, which have joined its cluster. ` +
        "Save what is needed of the database, then `npm stop` and `npm start` begin anew. Nothing was changed.",
    );
  if (clusterId !== undefined || members.length === 0) return { clusterId: clusterId ?? newClusterId(), unlabelled };
  return { clusterId: await clusterIdOf(applied, prefix), unlabelled };
}

/** Pure: the id and the brokers that the state holds. */
export function quorumIn(
  { brokerVolumes }: Pick<AppliedStack, "brokerVolumes">,
  prefix: string,
): { clusterId?: string; members: number[]; unlabelled: number[] } {
  const volumes = [...brokerVolumes].flatMap(([name, { clusterId }]) => {
    const role = name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1).replace(/-data$/, "") : "";
    const index = memberIndex("kafka", role);
    return index === undefined ? [] : [{ index, clusterId }];
  });
  const clusterId = volumes.find((each) => each.clusterId !== undefined)?.clusterId;
  return {
    ...(clusterId !== undefined && { clusterId }),
    members: volumes.map(({ index }) => index),
    unlabelled: volumes.filter((each) => each.clusterId === undefined).map(({ index }) => index),
  };
}

async function clusterIdOf({ bootstrapServers }: AppliedStack, prefix: string): Promise<string> {
  const { withBroker } = await import("../../preflight/broker-look");
  try {
    return await withBroker(bootstrapServers ?? "", ASK_MS, async (admin) => (await admin.describeCluster()).clusterId);
  } catch (error) {
    throw new pulumi.RunError(
      `Further brokers need the cluster's id from ${prefix}-kafka, which does not answer at ${bootstrapServers ?? "any address"} ` +
        `(${(error as Error).message}). \`npm run doctor\` says why; \`npm start\` with the number of brokers as it was starts it. Nothing was changed.`,
    );
  }
}

const ASK_MS = 3000;

/** An id as Kafka makes it: 16 random bytes in base64 for URLs, without a dash at the beginning. */
function newClusterId(): string {
  return randomBytes(16).toString("base64url").replace(/^-/, "A");
}

/** The label of a member's volume. A volume whose labels change would be replaced. */
export function quorumLabel(quorum: Quorum | undefined, index: number): Record<string, string> {
  return quorum === undefined || quorum.unlabelled.includes(index) ? {} : { [CLUSTER_LABEL]: quorum.clusterId };
}
