import { failures, tasksOf } from "../../components/connector/rest/connector-status";
import type { Answer } from "./answer";
import { waitingLetters } from "../../components/preflight/broker-look";
import { type Finding, isHealthy, PARTS } from "./finding";
import { subscriptionOf, type StackLook } from "./stack-look";

/** The look as data, for scripts. It leaves out settings and configs: those that somebody made by hand may hold secrets. */
export function lookJson(look: StackLook, findings: readonly Finding[]) {
  const { prefix, at, containers, database, connectors, broker, consumer } = look;
  const subscription = containers.ok ? subscriptionOf(containers.value) : undefined;
  return {
    stack: prefix,
    at: new Date(at).toISOString(),
    healthy: isHealthy(findings),
    findings: findings.map(({ part, ...rest }) => ({ heading: PARTS[part].heading, ...rest })),
    containers: valueOf(containers)?.map(({ environment: _environment, labels: _labels, ...rest }) => rest) ?? null,
    connectors:
      valueOf(connectors)?.map(({ name, status, readBytes }) => ({
        ...{ name, state: status.connector.state, tasks: tasksOf(status), readBytes },
        failures: failures(status),
      })) ?? null,
    slots: valueOf(database)?.slots ?? null,
    topics: valueOf(broker)?.partitions ?? null,
    /** Dead letters that were not sent back. */
    deadLetters: broker.ok
      ? waitingLetters(broker.value, subscription?.deadLetterTopic, subscription?.retryTopic).waiting
      : null,
    consumer: valueOf(consumer) ?? null,
  };
}

function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer.ok ? answer.value : undefined;
}
