/** Members of groups that stay for longer than a killed program's do. */
import * as pulumi from "@pulumi/pulumi";
import type { Admin } from "kafkajs";
import { poll } from "../../poll";

/** A member of a group, as the broker tells it. */
export interface GroupMember {
  group: string;
  /** What the program calls itself, and the address that it comes from. */
  clientId: string;
  host: string;
  /** Whether it is one of the project's own programs, whose sessions are known. */
  isProjects: boolean;
}

/** How long a member counts that says nothing any more, in milliseconds: its session; and first the wait for it to join again, where it was killed amid a rebalance. */
interface Patience {
  session: number;
  rebalance: number;
}

const WORKER: Patience = { session: 6_000, rebalance: 60_000 };
const HANDLER: Patience = { session: 6_000, rebalance: 30_000 };
/** A client's own, in librdkafka and Kafka's Java client. A session may be set to more, and Java's client has 300 s to join again: an error names that. */
const ANOTHER: Patience = { session: 45_000, rebalance: 45_000 };
/** For the broker, which looks from time to time. */
const SLACK_MS = 3_000;

type Groups = Pick<Admin, "describeGroups">;

/** The groups at one look. */
interface Look {
  members: GroupMember[];
  /** Whether no group with members is between two generations. */
  isSettled: boolean;
}

/** Members that stay for longer than killed ones do. @param scale of the wait; tests take a shorter one */
export async function lingering(admin: Groups, groups: readonly string[], scale = 1): Promise<GroupMember[]> {
  let seen = await look(admin, groups);
  if (seen.members.length === 0) return [];
  const began = Date.now();
  let unrest = began;
  const { longest } = patienceWith(seen.members, scale);
  void pulumi.log.info(
    `Waiting whether ${shown(seen.members)} leaves: a program that was killed counts for up to ${secondsOf(seen)} s more.`,
  );
  await poll<void>(
    async () => {
      seen = await look(admin, groups);
      const { members, isSettled } = seen;
      const now = Date.now();
      if (!isSettled) unrest = now;
      const { settled, longest } = patienceWith(members, scale);
      const isOver = members.length === 0 || now - unrest >= settled || now - began >= longest;
      return isOver ? { done: true, value: undefined } : { done: false, seen: shown(members) };
    },
    { what: "the groups to be empty", deadlineMs: longest, intervalMs: 500 },
  ).catch(() => undefined);
  return seen.members;
}

/** Pure: how long killed members may count from now on where all is settled, and where it is not. */
function patienceWith(members: readonly GroupMember[], scale: number): { settled: number; longest: number } {
  const all = members.map(patienceOf);
  const most = (of: (each: Patience) => number): number => (Math.max(0, ...all.map(of)) + SLACK_MS) * scale;
  return { settled: most(({ session }) => session), longest: most(({ session, rebalance }) => session + rebalance) };
}

function secondsOf({ members, isSettled }: Look): number {
  const { settled, longest } = patienceWith(members, 1);
  return (isSettled ? settled : longest) / 1000;
}

function patienceOf({ clientId, group, isProjects }: GroupMember): Patience {
  if (!isProjects) return ANOTHER;
  return clientId === group ? HANDLER : WORKER;
}

async function look(admin: Groups, names: readonly string[]): Promise<Look> {
  const { groups } = await admin.describeGroups([...names]);
  const members = groups.flatMap(({ groupId, members, protocolType }) =>
    members.map(({ clientId, clientHost }) => ({
      ...{ group: groupId, clientId, host: clientHost.replace(/^\//, "") },
      // The stack's own consumer calls itself as its group.
      isProjects: protocolType === "connect" || clientId === groupId,
    })),
  );
  return { members, isSettled: !groups.some(({ state }) => /Rebalance/.test(state)) };
}

/** Pure: for a message. */
export function shown(members: readonly GroupMember[]): string {
  return members.map(({ group, clientId, host }) => `${clientId} at ${host} in ${group}`).join(", ");
}

/** Pure: how long others' programs may count, a sentence with a space before it; empty where all are the project's. */
export function endText(members: readonly GroupMember[]): string {
  if (members.every(({ isProjects }) => isProjects)) return "";
  return (
    ` One that has ended without leaving counts until its session ends: ${ANOTHER.session / 1000} s in most clients, or its session.timeout.ms; amid a rebalance ` +
    "its max.poll.interval.ms, 300 s in most."
  );
}
