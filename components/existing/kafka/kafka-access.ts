import type { KafkaConfig } from "kafkajs";

/** What a Kafka asks of its clients, as plain data: a resource's inputs hold it, the password and the key as secrets. */
export interface KafkaSecurity {
  /** Present: connections are encrypted. */
  tls?: KafkaTls;
  /** Present: clients give a name and a password. */
  sasl?: KafkaSasl;
}

/** Texts in PEM. */
export interface KafkaTls {
  /** Who signed the brokers' certificates. @default those that Node.js trusts */
  ca?: string;
  /** The client's own certificate with its chain, and its key in PKCS#8, for brokers that ask for one. */
  cert?: string;
  key?: string;
}

export interface KafkaSasl {
  /** As kafkajs spells it. */
  mechanism: SaslMechanism;
  username: string;
  password: string;
}

export const SASL_MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** How a client gets into a Kafka. */
export interface KafkaAccess extends KafkaSecurity {
  /** The brokers that are asked first: `host:port`, separated by commas. */
  servers: string;
}

/** Servers alone are those of a Kafka that is open to all, as the stack's own is on this machine. */
export type KafkaAddress = string | KafkaAccess;

/** Pure: the brokers that are asked first, for a sentence or for a client. */
export function serversOf(kafka: KafkaAddress): string {
  return typeof kafka === "string" ? kafka : kafka.servers;
}

/** Pure: what of a kafkajs client's config says where and how. */
export function clientConfig(kafka: KafkaAddress): Pick<KafkaConfig, "ssl" | "sasl"> & { brokers: string[] } {
  const { tls, sasl } = typeof kafka === "string" ? ({} as KafkaSecurity) : kafka;
  return {
    brokers: serversOf(kafka).split(","),
    ...(tls && { ssl: { ...(tls.ca && { ca: [tls.ca] }), ...(tls.cert && { cert: tls.cert, key: tls.key }) } }),
    // One type a mechanism, which TypeScript does not find by itself.
    ...(sasl && { sasl: { ...sasl } as KafkaConfig["sasl"] }),
  };
}
