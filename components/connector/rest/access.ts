/** What the resource hands to Kafka and Kafka Connect, names, passwords and certificates included. */
import type { KafkaAddress } from "../../existing/kafka/kafka-access";
import { asStrings } from "../connector-diff";
import type { ConnectorInputs } from "../connector-types";

/** Kafka's address with its credentials, from the inputs; undefined where they have none. */
export function kafkaOf({
  bootstrapServers,
  kafkaSecurity,
}: Pick<ConnectorInputs, "bootstrapServers" | "kafkaSecurity">): KafkaAddress | undefined {
  if (bootstrapServers === undefined) return undefined;
  return kafkaSecurity === undefined ? bootstrapServers : { servers: bootstrapServers, ...kafkaSecurity };
}

/** The config as Connect gets it: strings only, the keys of `secretConfig` included. */
export function postedConfig({
  config,
  secretConfig,
  connectorName,
}: Pick<ConnectorInputs, "config" | "secretConfig" | "connectorName">): Record<string, string> {
  return { ...asStrings({ ...config, ...secretConfig }), name: connectorName };
}

/** Pure: whether two addresses of Kafka Connect are spelled alike. */
export function sameAddress(a: string, b: string): boolean {
  return a.replace(/\/+$/, "") === b.replace(/\/+$/, "");
}

/** Pure: whether the connector may have to leave a Connect. A stack's own workers keep their state in its Kafka, whatever their ports. */
export function isElsewhere(olds: Address, news: Address): boolean {
  if (olds.connectorName !== news.connectorName || sameAddress(olds.connectUrl, news.connectUrl)) return false;
  return olds.worker === undefined || news.worker === undefined;
}

type Address = Pick<ConnectorInputs, "connectUrl" | "connectorName" | "worker">;
