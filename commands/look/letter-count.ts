/** How many dead letters nobody has sent back. */
import { clientConfig, type KafkaAddress } from "../../components/existing/kafka/kafka-access";
import { type BrokerLook, waitingLetters } from "../../components/preflight/broker-look";
import { momentary } from "../../components/existing/kafka/group-names";
import { teachCodecs } from "../../consumer/kafka/compression/codecs";
import { LetterBox } from "../../consumer/kafka/letters/letter-box";
import { ask } from "./answer";
import type { Subscription } from "./stack-look";

/**
 * Reads the letters and the marks of those that were sent back. That takes longer than to ask for offsets, so it is done only where there are both.
 *
 * @param prefix what the names of the stack's groups begin with
 * @returns undefined where it need not be known, or is not known in time
 */
export async function countWaiting(
  kafka: KafkaAddress,
  { group, deadLetterTopic, retryTopic }: Pick<Subscription, "group" | "deadLetterTopic" | "retryTopic">,
  look: BrokerLook,
  deadlineMs: number,
  prefix: string,
): Promise<number | undefined> {
  if (deadLetterTopic === undefined || retryTopic === undefined) return undefined;
  const { all, waiting } = waitingLetters(look, deadLetterTopic, retryTopic);
  if (all === 0 || !look.partitions.some(({ topic, records }) => topic === retryTopic && records > 0)) return undefined;
  teachCodecs();
  const box = new LetterBox({
    kafka: { clientId: "cdc-look", ...clientConfig(kafka) },
    groupId: group,
    readerGroupId: momentary(prefix, "look"),
    ...{ deadLetterTopic, retryTopic },
  });
  const count = await ask(deadlineMs, async () => (await box.newest(0)).waiting);
  return count.ok ? count.value : waiting;
}
