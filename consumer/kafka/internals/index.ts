/** Everything that reaches into kafkajs. README.md says what each part replaces, and what is worse without it. */
import { decodeFetchesFaster } from "./fetch-response";
import { stopWithoutLastFetch } from "./prompt-stop";
import type { KafkajsPart } from "./parts";
import { quietRequestQueues } from "./request-queue";
import { makeRunnersHookable } from "./runner-hooks";
import { addTopicsTogether } from "./target-topics";
import { listWithoutLeaders } from "./topic-listing";

export { hookRunners } from "./runner-hooks";

const CHANGES: Record<KafkajsPart, () => void> = {
  decoder: decodeFetchesFaster,
  timers: quietRequestQueues,
  stops: stopWithoutLastFetch,
  commits: makeRunnersHookable,
  topics: () => {
    addTopicsTogether();
    listWithoutLeaders();
  },
};

const done = new Set<KafkajsPart>();

/** Changes these parts of kafkajs for this process, each once. A process that does not call it uses kafkajs as it is published. */
export function changeKafkajs(parts: readonly KafkajsPart[]): void {
  for (const part of parts) {
    if (!done.has(part)) CHANGES[part]();
    done.add(part);
  }
}
