/** Files and environment variables by which containers of the stack get into a Kafka or a Connect that somebody else runs. */
import * as pulumi from "@pulumi/pulumi";
import type { ConnectSecurity } from "./connect/connect-access";
import type { KafkaSecurity } from "./kafka/kafka-access";

/** A file of a container. Secrets are files because `docker inspect` shows the environment to everybody. */
export interface ClientFile {
  file: string;
  content: pulumi.Output<string>;
}

export interface ClientFiles {
  files: ClientFile[];
  /** Variables of the consumer's environment. */
  environment: Record<string, string>;
}

const FOLDER = "/run/secrets";

/** For a consumer: `KAFKA_SECURITY_PROTOCOL` and the variables and files that go with it. */
export function kafkaClientFiles({ tls, sasl }: KafkaSecurity): ClientFiles {
  const protocol = `${sasl ? "SASL_" : ""}${tls ? "SSL" : "PLAINTEXT"}`;
  const { files, environment } = named("kafka", "KAFKA", {
    SSL_CA: tls?.ca,
    SSL_CERT: tls?.cert,
    SSL_KEY: tls?.key,
    SASL_PASSWORD: sasl?.password,
  });
  return {
    files,
    environment: {
      ...(protocol !== "PLAINTEXT" && { KAFKA_SECURITY_PROTOCOL: protocol }),
      ...(sasl && { KAFKA_SASL_MECHANISM: sasl.mechanism.toUpperCase(), KAFKA_SASL_USERNAME: sasl.username }),
      ...environment,
    },
  };
}

/** For a consumer, which asks Kafka Connect for the connector's state. */
export function connectClientFiles({ username, password, ca, cert, key }: ConnectSecurity): ClientFiles {
  const { files, environment } = named("connect", "CONNECT", {
    SSL_CA: ca,
    SSL_CERT: cert,
    SSL_KEY: key,
    PASSWORD: password,
  });
  return { files, environment: { ...(username !== undefined && { CONNECT_USERNAME: username }), ...environment } };
}

function named(part: string, prefix: string, contents: Record<string, string | undefined>): ClientFiles {
  const given = Object.entries(contents).filter((each): each is [string, string] => each[1] !== undefined);
  const fileOf = (key: string): string => `${FOLDER}/${part}-${key.toLowerCase().replaceAll("_", "-")}`;
  return {
    files: given.map(([key, content]) => ({ file: fileOf(key), content: pulumi.secret(content) })),
    environment: Object.fromEntries(given.map(([key]) => [`${prefix}_${key}_FILE`, fileOf(key)])),
  };
}
