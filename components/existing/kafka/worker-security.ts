/** The security properties of Java clients: those of a Connect worker of the stack, and of its connectors, in an existing Kafka. */
import type { KafkaSasl, KafkaSecurity } from "./kafka-access";

/** The worker's properties, and files by name with what is secret or too long for a properties file. */
export interface WorkerSecurity {
  properties: Record<string, string>;
  files: Record<string, string>;
}

/** Prefixes of properties: none for the worker's own clients, and one for each kind of its connectors' clients. */
const CLIENTS = ["", "producer.", "consumer.", "admin."];

/**
 * Pure.
 *
 * @param folder where the worker has the files
 * @param reference the text by which a properties file refers to the content of one of them
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
    // Without a prefix, they are only for the worker's own clients.
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
