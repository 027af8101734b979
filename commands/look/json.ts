import { failures, tasksOf } from "../../components/connector/status";
import type { Answer } from "./answer";
import { type Finding, isHealthy, PARTS } from "./finding";
import { subscriptionOf, type StackLook } from "./look";

/** The look as data, for scripts. Without settings and configs, some of which hold secrets when they were made by hand. */
export function lookJson(look: StackLook, findings: readonly Finding[]) {
  const { prefix, at, containers, database, connectors, broker, consumer } = look;
  const deadLetterTopic = containers.ok ? subscriptionOf(containers.value).deadLetterTopic : undefined;
  return {
    stack: prefix,
    at: new Date(at).toISOString(),
    healthy: isHealthy(findings),
    findings: findings.map(({ part, ...rest }) => ({ heading: PARTS[part].heading, ...rest })),
    containers: valueOf(containers)?.map(({ environment: _environment, ...rest }) => rest) ?? null,
    connectors:
      valueOf(connectors)?.map(({ name, status, readBytes }) => ({
        ...{ name, state: status.connector.state, tasks: tasksOf(status), readBytes },
        failures: failures(status),
      })) ?? null,
    slots: valueOf(database)?.slots ?? null,
    topics: valueOf(broker)?.partitions ?? null,
    deadLetters:
      valueOf(broker)
        ?.partitions.filter(({ topic }) => topic === deadLetterTopic)
        .reduce((sum, { records }) => sum + records, 0) ?? null,
    consumer: valueOf(consumer) ?? null,
  };
}

function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer.ok ? answer.value : undefined;
}
