/** How the resource reaches what it works with: whatever asks for a name, a password or a certificate gets it here. */
import type { KafkaAddress } from "../../existing/kafka/kafka-access";
import { asStrings } from "../connector-diff";
import type { ConnectorInputs } from "../connector-types";

/** Kafka as the inputs tell it; undefined where they do not. */
export function kafkaOf({
  bootstrapServers,
  kafkaSecurity,
}: Pick<ConnectorInputs, "bootstrapServers" | "kafkaSecurity">): KafkaAddress | undefined {
  if (bootstrapServers === undefined) return undefined;
  return kafkaSecurity === undefined ? bootstrapServers : { servers: bootstrapServers, ...kafkaSecurity };
}

/** The config as Connect gets it: strings only, and with what nobody else may see. */
export function postedConfig({
  config,
  secretConfig,
  connectorName,
}: Pick<ConnectorInputs, "config" | "secretConfig" | "connectorName">): Record<string, string> {
  return { ...asStrings({ ...config, ...secretConfig }), name: connectorName };
}
