/** `cdc:kafkaSecurity`: what the Kafka of `cdc:bootstrapServers` requires of its clients. */
import { configObject, isScalar, noScalar } from "../../settings/config-object";
import { didYouMean } from "../../nearest";
import type { KafkaSecurity, SaslMechanism } from "./kafka-access";
import { readPem, readPrivateKey } from "../pem";

/** The setting as it was checked: files by their names, the password as itself. */
export interface KafkaSecuritySetting {
  protocol: (typeof PROTOCOLS)[number];
  mechanism?: SaslMechanism;
  username?: string;
  password?: string;
  caFile?: string;
  certFile?: string;
  keyFile?: string;
}

const PROTOCOLS = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;
/** As Kafka's own clients spell them. */
const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];
const SASL_KEYS = ["mechanism", "username", "password"] as const;
const TLS_KEYS = ["caFile", "certFile", "keyFile"] as const;
const KEYS = ["protocol", ...SASL_KEYS, ...TLS_KEYS];

/**
 * Pure.
 *
 * @param text JSON object
 * @param isSecret whether any of it was set with --secret: which part is not handed over
 * @returns the setting, and a sentence without its subject for each thing that is wrong; none of them shows a value of a secret
 */
export function parseKafkaSecurity(
  text: string,
  isSecret: boolean,
): { security: KafkaSecuritySetting; problems: string[] } {
  const problems: string[] = [];
  const values = configObject(text);
  const wrong = (sentence: string): number => problems.push(sentence);
  if (!values) wrong(` is no object; allowed: an object of ${KEYS.join(", ")}.`);
  const given: Record<string, string> = {};
  for (const [key, value] of Object.entries(values ?? {})) {
    if (!KEYS.includes(key)) wrong(`["${key}"] is no part of it; allowed: ${KEYS.join(", ")}.${didYouMean(key, KEYS)}`);
    else if (!isScalar(value)) wrong(noScalar(key, value, isSecret));
    else given[key] = String(value);
  }
  const { protocol = "PLAINTEXT", mechanism } = given;
  if (!(PROTOCOLS as readonly string[]).includes(protocol))
    wrong(`["protocol"] is "${protocol}"; allowed: ${PROTOCOLS.join(", ")}.`);
  if (mechanism !== undefined && !MECHANISMS.includes(mechanism))
    wrong(`["mechanism"] is "${mechanism}"; allowed: ${MECHANISMS.join(", ")}.`);
  const sasl = protocol.startsWith("SASL_");
  const tls = protocol.endsWith("SSL");
  for (const key of SASL_KEYS) {
    if (sasl && !given[key])
      wrong(
        `["${key}"] is ${given[key] === undefined ? "missing" : "empty"}: ${protocol} takes a name and a password.`,
      );
    if (!sasl && given[key] !== undefined)
      wrong(`["${key}"] is of no use with protocol ${protocol}; allowed with SASL_SSL and SASL_PLAINTEXT.`);
  }
  for (const key of TLS_KEYS)
    if (!tls && given[key] !== undefined)
      wrong(`["${key}"] is of no use with protocol ${protocol}; allowed with SSL and SASL_SSL.`);
  if ((given["certFile"] === undefined) !== (given["keyFile"] === undefined))
    wrong(": certFile and keyFile go together: a client's certificate, and the key to it.");
  if (given["password"] !== undefined && !isSecret)
    wrong(
      '["password"] is set as plain text; set it with `pulumi config set --secret --path \'kafkaSecurity["password"]\'`.',
    );
  return {
    security: { ...given, protocol, mechanism: mechanism?.toLowerCase() } as KafkaSecuritySetting,
    problems,
  };
}

/**
 * The security of a client, with the contents of its files.
 *
 * @param folder that names of files start from
 * @throws with a sentence that names the part and the file
 */
export function readKafkaSecurity(setting: KafkaSecuritySetting, folder: string): KafkaSecurity {
  const { protocol, mechanism, username, password, caFile, certFile, keyFile } = setting;
  const named = (key: string): string => `cdc:kafkaSecurity["${key}"]`;
  return {
    ...(protocol.endsWith("SSL") && {
      tls: {
        ...(caFile && { ca: readPem(named("caFile"), folder, caFile) }),
        ...(certFile &&
          keyFile && {
            cert: readPem(named("certFile"), folder, certFile),
            key: readPrivateKey(named("keyFile"), folder, keyFile, certFile),
          }),
      },
    }),
    ...(mechanism && { sasl: { mechanism, username: username!, password: password! } }),
  };
}
