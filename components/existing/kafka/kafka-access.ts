import type { KafkaConfig } from "kafkajs";

/** What a Kafka requires of its clients, as plain data. Resources have it in their inputs, with password and key as secrets. */
export interface KafkaSecurity {
  /** Present: connections are encrypted. */
  tls?: KafkaTls;
  /** Present: clients give a name and a password. */
  sasl?: KafkaSasl;
}

/** Texts in PEM. */
export interface KafkaTls {
  /** The authorities that may have signed the brokers' certificates. @default those that Node.js trusts */
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

/** Address and login of a Kafka. */
export interface KafkaAccess extends KafkaSecurity {
  /** The brokers that are asked first: `host:port`, separated by commas. */
  servers: string;
}

/** A text has only the servers, of a Kafka that is open to all, as the stack's own is on this machine. */
export type KafkaAddress = string | KafkaAccess;

/** Pure: the brokers that are asked first, for a sentence or for a client. */
export function serversOf(kafka: KafkaAddress): string {
  return typeof kafka === "string" ? kafka : kafka.servers;
}

/** Pure: the address and the login of a kafkajs client's config. */
export function clientConfig(kafka: KafkaAddress): Pick<KafkaConfig, "ssl" | "sasl"> & { brokers: string[] } {
  const { tls, sasl } = typeof kafka === "string" ? ({} as KafkaSecurity) : kafka;
  return {
    brokers: serversOf(kafka).split(","),
    ...(tls && { ssl: { ...(tls.ca && { ca: [tls.ca] }), ...(tls.cert && { cert: tls.cert, key: tls.key }) } }),
    // kafkajs has a type for each mechanism, which TypeScript does not infer here.
    ...(sasl && { sasl: { ...sasl } as KafkaConfig["sasl"] }),
  };
}
