/** Addresses of the stack's parts, and what its connector captures. */
import type { SourceDatabase } from "../../components/connector/connector-types";
import { connectorPath } from "../../components/connector/rest/connect-api";
import { once } from "../../components/connector/rest/rest";
import type { KafkaAddress } from "../../components/existing/kafka/kafka-access";
import type { ConnectAccess } from "../../components/existing/connect/connect-access";
import { poll, type Probe } from "../../components/poll";
import { type ConnectorLook, lookAtConnectors } from "../look/connectors-look";
import { isThere } from "../look/containers-look";
import { databaseOf } from "../look/database-look";
import { declaredConnector } from "../look/findings";
import { brokerOf, connectOf, containerOf, containersOf } from "../look/stack-look";

export interface StackAccess {
  /** `<project>-<stack>` */
  prefix: string;
  database: SourceDatabase;
  /** The broker, as this machine reaches it. */
  server: KafkaAddress;
  /** The connector's. */
  config: Record<string, string>;
}

/**
 * @param timeoutMs how long to wait for a worker that is just starting
 * @throws in a sentence when a part of the stack does not run
 */
export async function accessTo(stack: string | undefined, askMs: number, timeoutMs: number): Promise<StackAccess> {
  const { prefix, containers } = await containersOf(stack, askMs);
  const [postgres, kafka, connect] = (["postgres", "kafka", "connect"] as const).map((service) =>
    containerOf(containers, service),
  );
  for (const part of [postgres!, kafka!, connect!]) {
    const { name, state } = part;
    if (!isThere(part))
      throw new Error(
        `Container ${name} is ${state}. \`npm start\` brings the stack up, \`npm run doctor\` says more.`,
      );
  }
  const worker = connectOf(connect!);
  const connector = ownOf(await connectorsOf(worker, askMs, timeoutMs), declaredConnector(containers), worker.url);
  return { prefix, database: await databaseOf(containers, askMs), server: brokerOf(kafka!), config: connector.config };
}

/**
 * Pure: the stack's connector among those of its worker, which others may use too. Another one's tables are another stack's.
 *
 * @throws where it is not among them
 */
export function ownOf(connectors: readonly ConnectorLook[], declared: string, url: string): ConnectorLook {
  const own = connectors.find(({ name }) => name === declared);
  if (own !== undefined) return own;
  const others = connectors.map(({ name }) => name).join(", ");
  throw new Error(
    `Kafka Connect at ${url} has no connector ${declared}, which the stack declares, and ${others} is another: \`npm start\` registers it.`,
  );
}

/**
 * The connectors of a worker. One that was killed a moment ago is back after some seconds.
 *
 * @throws at once where the worker has none
 */
export function connectorsOf(connect: ConnectAccess, askMs: number, timeoutMs: number): Promise<ConnectorLook[]> {
  return poll(
    async (leftMs): Promise<Probe<ConnectorLook[]>> => {
      const deadlineMs = Math.min(askMs, leftMs);
      try {
        const value = await lookAtConnectors(connect, deadlineMs);
        if (value.length > 0) return { done: true, value };
        if (!(await hasBegun(connect, deadlineMs))) return { done: false, seen: "it has none yet" };
        // It may have read its topics since it listed none.
        const listed = await lookAtConnectors(connect, deadlineMs);
        if (listed.length > 0) return { done: true, value: listed };
      } catch (error) {
        return { done: false, seen: (error as Error).message };
      }
      throw new Error(`Kafka Connect at ${connect.url} has no connector: \`npm start\` registers one.`);
    },
    {
      what: `Kafka Connect at ${connect.url} to name its connectors`,
      deadlineMs: timeoutMs,
      remedy: "`npm run doctor` says more.",
    },
  );
}

/**
 * Whether the worker has read its own topics. Its list is empty before that. For one connector by its name it answers only after that: with 404 where
 * there is none.
 */
async function hasBegun(connect: ConnectAccess, deadlineMs: number): Promise<boolean> {
  const target = { ...connect, operation: "look for any connector", until: Date.now() + deadlineMs };
  return (await once(target, "GET", connectorPath("none"))).status === 404;
}
