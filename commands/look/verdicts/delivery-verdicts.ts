import { serversOf } from "../../../components/existing/kafka/kafka-access";
import { topicOf } from "../../../components/names/topic-names";
import { clock, duration, keyText, oneLine } from "../../../consumer/page/text";
import type { Answer } from "../answer";
import { TRANSACTION_LOG } from "../../../components/names/kafkas-topics";
import { type BrokerLook, waitingLetters } from "../../../components/preflight/broker-look";
import type { LagLook } from "../lag-look";
import type { ConsumerLook } from "../consumer-look";
import type { ContainerLook } from "../containers-look";
import type { Finding } from "../finding";
import { type Subscription, topicsRead } from "../stack-look";
import { counted, elapsed } from "../amounts";
import { silent } from "./silent";

/** The broker, and how far the consumer is in each topic. @param now milliseconds since 1970 */
export function topicFindings(
  broker: Answer<BrokerLook>,
  lag: Record<string, LagLook>,
  subscription: Subscription,
  kafka: ContainerLook,
  now: number,
): Finding[] {
  const about = serversOf(kafka.kafka ?? `127.0.0.1:${kafka.ports["29092"]}`);
  if (!broker.ok) {
    return [silent(["broker", about, "the broker"], broker, kafka, now)];
  }
  const { topics, partitions } = broker.value;
  const { deadLetterTopic, retryTopic } = subscription;
  // A topic of transactions shows that some worker writes in transactions, or did once: there may be fewer records than offsets.
  const inTransactions = subscription.inTransactions || topics.includes(TRANSACTION_LOG);
  // The topic by which dead letters are sent back belongs to no table: it has a finding only when it is missing, or not read to its end.
  const isTold = topics.includes(retryTopic ?? "")
    ? partitions.some(({ topic, behind }) => topic === retryTopic && behind > 0)
    : retryTopic !== undefined;
  const read = topicsRead(subscription, topics);
  const told = isTold ? [...read, retryTopic!] : read;
  return told.map((topic): Finding => {
    const own = partitions.filter((each) => each.topic === topic);
    const dead = topic === deadLetterTopic;
    const finding = { part: "topics", about: topic } as const;
    if (!topics.includes(topic))
      return { ...finding, mark: "bad", text: "there is no such topic", remedy: "npm start" };
    if (dead) return { ...finding, ...letterVerdict(waitingLetters(broker.value, deadLetterTopic, retryTopic)) };
    const behind = own.reduce((sum, each) => sum + each.behind, 0);
    const said = [
      behind === 0 ? "all records handled" : `${inTransactions ? "at most " : ""}${counted(behind, "record")} behind`,
    ];
    const [, seen] = Object.entries(lag).find(([table]) => isOf(topic, table)) ?? [];
    if (seen && seen.changes > 0) {
      const upTo = (ms: number | null): string => (ms === null ? "minutes" : duration(ms));
      said.push(
        `${counted(seen.changes, "change")} since its start, half within ${upTo(seen.halfMs)}, 99 % within ${upTo(seen.mostMs)}`,
      );
    }
    return { ...finding, mark: behind === 0 ? "good" : "note", text: said.join("; ") };
  });
}

function letterVerdict({ all, waiting }: { all: number; waiting: number }): Pick<Finding, "mark" | "text" | "remedy"> {
  if (all === 0) return { mark: "good", text: "no dead letters" };
  if (waiting === 0) return { mark: "good", text: `${counted(all, "dead letter")}, all sent back` };
  return {
    mark: "warning",
    text: `${counted(waiting, "dead letter")}: changes that could not be handled`,
    remedy: "npm run dead-letters",
  };
}

/** Pure: whose changes the topic holds, by Debezium's rule; a prefix has no dot. */
function isOf(topic: string, table: string): boolean {
  return topicOf(topic.slice(0, topic.indexOf(".")), table) === topic;
}

/** The consumer, and the newest change that it has. @param now milliseconds since 1970 */
export function consumerFindings(consumer: Answer<ConsumerLook>, container: ContainerLook, now: number): Finding[] {
  const about = `http://localhost:${container.ports["8088"]}`;
  const remedy = `docker restart ${container.name}`;
  if (!consumer.ok) {
    return [silent(["deliveries", about, "the consumer"], consumer, container, now)];
  }
  const { health, last } = consumer.value;
  if (health.status !== "ok") return [{ part: "deliveries", about, mark: "bad", text: health.reason, remedy }];
  const findings: Finding[] = [
    {
      part: "deliveries",
      about,
      mark: "good",
      text: `${health.reason} ${counted(health.partitions.length, "partition")}`,
    },
  ];
  if (last === null)
    return [...findings, { part: "deliveries", about: "last change", mark: "good", text: "none since its start" }];
  const when =
    last.committedAt === null
      ? ""
      : `${clock(last.committedAt)} (${elapsed(now - Date.parse(last.committedAt))} ago), `;
  const what = [last.op, oneLine(last.table), keyText(last.key)].filter(Boolean).join(" ");
  const took = last.lagMs === null ? "" : `, ${duration(last.lagMs)} from the commit`;
  return [...findings, { part: "deliveries", about: "last change", mark: "good", text: `${when}${what}${took}` }];
}
