/** The same for Java: what a Connect worker of the stack, and its connectors' clients, need to get into somebody else's Kafka. */
import type { KafkaSasl, KafkaSecurity } from "./kafka-access";

/** Where the worker finds what is secret, or too long for a properties file. Names of files to contents. */
export interface WorkerSecurity {
  properties: Record<string, string>;
  files: Record<string, string>;
}

/** Kafka's own word for a client of its own: the worker's own, and its connectors'. */
const CLIENTS = ["", "producer.", "consumer.", "admin."];

/**
 * Pure.
 *
 * @param folder where the worker has the files
 * @param reference the text that stands in a properties file for what one of them holds
 */
export function workerSecurity(
  { tls, sasl }: KafkaSecurity,
  folder: string,
  reference: (file: string) => string,
): WorkerSecurity {
  if (!tls && !sasl) return { properties: {}, files: {} };
  const own = {
    "security.protocol": `${sasl ? "SASL_" : ""}${tls ? "SSL" : "PLAINTEXT"}`,
    ...(tls?.ca && { "ssl.truststore.type": "PEM", "ssl.truststore.location": `${folder}/kafka-ca.pem` }),
    ...(tls?.cert && { "ssl.keystore.type": "PEM", "ssl.keystore.location": `${folder}/kafka-client.pem` }),
    ...(sasl && { "sasl.mechanism": sasl.mechanism.toUpperCase(), "sasl.jaas.config": reference("kafka-jaas") }),
  };
  return {
    // Without a prefix they are for the worker's own clients alone.
    properties: Object.fromEntries(
      CLIENTS.flatMap((client) => Object.entries(own).map(([key, value]) => [client + key, value])),
    ),
    files: {
      ...(tls?.ca && { "kafka-ca.pem": tls.ca }),
      ...(tls?.cert && { "kafka-client.pem": `${tls.key}${tls.cert}` }),
      ...(sasl && { "kafka-jaas": jaas(sasl) }),
    },
  };
}

function jaas({ mechanism, username, password }: KafkaSasl): string {
  const module = mechanism === "plain" ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
  const quoted = (word: string): string => `"${word.replace(/["\\]/g, "\\$&")}"`;
  return `org.apache.kafka.common.security.${module} required username=${quoted(username)} password=${quoted(password)};`;
}
