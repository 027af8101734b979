/**
 * Decides which member of the group reads which partition. First, a member keeps each partition of which it has a change at hand. So a change
 * that takes minutes is handled once, even when another member joins or leaves, and no rebalance waits for it. Then a member gets the topic that
 * it prefers. The rest is shared evenly.
 */
import { AssignerProtocol, type PartitionAssigner } from "kafkajs";

const { MemberAssignment, MemberMetadata } = AssignerProtocol;

/** What a member says when it joins. */
export interface Claims {
  busy: { topic: string; partition: number }[];
  /** The group had removed this member. Others may have changes of its partitions at hand by now, and their claims win. */
  late: boolean;
  /** A topic that it prefers. @default none */
  prefers?: string;
}

const NAME = "cdc-busy-stay";
const VERSION = 1;
const NOTHING = Buffer.alloc(0);

export function busyStay(claims: () => Claims): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify(claims())),
      }),
    }),
    async assign({ members, topics }) {
      const partitions = topics.flatMap((topic) =>
        partitionsOf(cluster, topic).map(({ partitionId }) => ({ topic, partition: partitionId })),
      );
      const claimed = members.map(({ memberId, memberMetadata }) => ({ memberId, ...claimsIn(memberMetadata) }));
      return [...share(partitions, claimed)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({ version: VERSION, assignment, userData: NOTHING }),
      }));
    },
  });
}

/** kafkajs's types give a cluster no methods, but its own assigner calls this one. */
function partitionsOf(cluster: object, topic: string): { partitionId: number }[] {
  return (
    cluster as { findTopicPartitionMetadata(topic: string): { partitionId: number }[] }
  ).findTopicPartitionMetadata(topic);
}

function claimsIn(metadata: Buffer): Claims {
  return JSON.parse(MemberMetadata.decode(metadata)!.userData.toString()) as Claims;
}

type Shares = Map<string, { [topic: string]: number[] }>;

/** @returns each member's partitions by topic */
export function share(
  partitions: readonly { topic: string; partition: number }[],
  members: readonly ({ memberId: string } & Claims)[],
): Shares {
  // Sorted, so that the same members get the same partitions again.
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const claimants = new Map<string, string>();
  for (const { memberId, busy } of [...sorted].sort((a, b) => Number(a.late) - Number(b.late))) {
    for (const { topic, partition } of busy) {
      const name = `${topic}/${partition}`;
      if (!claimants.has(name)) claimants.set(name, memberId);
    }
  }
  const shares: Shares = new Map(sorted.map(({ memberId }) => [memberId, {}]));
  const sizes = new Map(sorted.map(({ memberId }) => [memberId, 0]));
  const give = (memberId: string, topic: string, partition: number) => {
    (shares.get(memberId)![topic] ??= []).push(partition);
    sizes.set(memberId, sizes.get(memberId)! + 1);
  };
  const free = partitions.filter(({ topic, partition }) => {
    const claimant = claimants.get(`${topic}/${partition}`);
    if (claimant === undefined) return true;
    give(claimant, topic, partition);
    return false;
  });
  for (const { topic, partition } of free) {
    const preferring = sorted.find(({ prefers }) => prefers === topic)?.memberId;
    const [least] = [...sizes].reduce((a, b) => (b[1] < a[1] ? b : a));
    give(preferring ?? least, topic, partition);
  }
  return shares;
}
