import { clientConfig, type KafkaAccess } from "./kafka-access";

/**
 * Pure: why a Kafka that somebody else runs does not serve us, and which setting mends it, in one sentence.
 *
 * @param error kafkajs's, of a client without retries
 */
export function kafkaTrouble(kafka: KafkaAccess, error: unknown): string {
  return `Kafka at ${kafka.servers} (cdc:bootstrapServers) ${reasonOf(kafka, error)}`;
}

function reasonOf(kafka: KafkaAccess, error: unknown): string {
  const { name, message, type, code } = causeOf(error);
  const { ssl, sasl } = clientConfig(kafka);
  const user = kafka.sasl && `user "${kafka.sasl.username}" with ${kafka.sasl.mechanism.toUpperCase()}`;
  if (type === "UNSUPPORTED_SASL_MECHANISM" || /mechanism.*not (enabled|supported)/i.test(message))
    return `does not take ${user}: ${message}; cdc:kafkaSecurity["mechanism"] names another.`;
  if (name === "KafkaJSSASLAuthenticationError")
    return `does not let ${user} in: name or password is wrong; look at cdc:kafkaSecurity["username"] and ["password"].`;
  if (type === "ILLEGAL_SASL_STATE")
    return 'takes no name and password on this port; set cdc:kafkaSecurity["protocol"] to SSL, or name the port for SASL.';
  if (type !== undefined && /AUTHORIZATION_FAILED$/.test(type))
    return `lets ${user ?? "this client"} in, but without the right to do this (${type}): ${RIGHTS}.`;
  if (/certificate required|handshake failure|bad certificate/i.test(message))
    return 'wants a certificate of the client; name it with cdc:kafkaSecurity["certFile"] and ["keyFile"].';
  if (/altnames|ALTNAME/.test(`${message} ${code}`))
    return `has a certificate for another name (${message}); name the brokers as the certificate does.`;
  if (/certificate|UNABLE_TO_/i.test(`${message} ${code}`))
    return `has a certificate that is not trusted here (${message}); name who signed it with cdc:kafkaSecurity["caFile"].`;
  if (/wrong version number|packet length too long/i.test(message))
    return `does not speak TLS on this port; set cdc:kafkaSecurity["protocol"] to ${sasl ? "SASL_PLAINTEXT" : "PLAINTEXT"}, or name the port for TLS.`;
  if (/closed connection|ECONNRESET|socket hang up/i.test(message))
    return closed(ssl !== undefined, sasl !== undefined);
  return `cannot be reached from here (${message.replace(/^Connection error: /, "").trim()}); look at the address, and whether a firewall is between.`;
}

/** The message for a closed connection: a broker closes that of a client with another protocol without an answer. */
function closed(tls: boolean, sasl: boolean): string {
  if (tls && sasl) return 'hangs up without a word: this is not the port for cdc:kafkaSecurity["protocol"] SASL_SSL.';
  const wanted = tls ? "a name and a password (SASL_SSL)" : "TLS (SSL or SASL_SSL)";
  return `hangs up without a word: it wants ${wanted}; set cdc:kafkaSecurity["protocol"].`;
}

/** What the client needs, in the words of Kafka's ACLs. */
export const RIGHTS =
  "it needs CREATE, DESCRIBE, ALTER_CONFIGS, READ and WRITE on the topics of cdc:topicPrefix, and READ, DESCRIBE and DELETE on all groups whose names begin with those of project and stack (<project>-<stack>-)";

interface Cause {
  name?: string;
  message: string;
  type?: string;
  code?: string;
}

/** The innermost error. kafkajs wraps errors for its retries, and for each of several topics. */
export function causeOf(error: unknown): Cause {
  const { cause, originalError, errors } = error as { cause?: unknown; originalError?: unknown; errors?: unknown[] };
  const inner = errors?.[0] ?? cause ?? originalError;
  if (inner instanceof Error) return causeOf(inner);
  const { name, message, type, code } = error as Cause;
  return { name, message, type, ...(typeof code === "string" && { code }) };
}
