/** Where the parts of the stack are, and what its connector captures. */
import type { SourceDatabase } from "../../components/connector/connector-types";
import type { KafkaAddress } from "../../components/existing/kafka/kafka-access";
import { lookAtConnectors } from "../look/connectors-look";
import { isThere } from "../look/containers-look";
import { databaseOf } from "../look/database-look";
import { declaredConnector } from "../look/findings";
import { brokerOf, connectOf, containerOf, containersOf } from "../look/stack-look";

export interface StackAccess {
  database: SourceDatabase;
  /** The broker, as this machine reaches it. */
  server: KafkaAddress;
  /** The connector's. */
  config: Record<string, string>;
}

/** @throws in a sentence when a part of the stack does not run */
export async function accessTo(stack: string | undefined, askMs: number): Promise<StackAccess> {
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
  const connectors = await lookAtConnectors(connectOf(connect!), askMs);
  const declared = declaredConnector(containers);
  const connector = connectors.find(({ name }) => name === declared) ?? connectors[0];
  if (connector === undefined) throw new Error(`${prefix} has no connector. \`npm start\` registers it.`);
  return { database: await databaseOf(containers, askMs), server: brokerOf(kafka!), config: connector.config };
}
