import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { SECRETS_FOLDER } from "./secrets-folder";

/** Worker properties that let connectors read the files of `folder`, and no others. */
export function secretsWorkerProperties(folder: string = SECRETS_FOLDER): Record<string, string> {
  return {
    "config.providers": "secrets",
    "config.providers.secrets.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
    "config.providers.secrets.param.allowed.paths": folder,
  };
}

/**
 * The text in a connector's config that refers to a secret: the worker reads the file when it starts the task.
 *
 * @param file name of the file inside `folder`
 * @throws when the name holds what Kafka's syntax cannot: anything but letters, digits, `-`, `_` and `.`
 */
export function secretRef(file: string, folder: string = SECRETS_FOLDER): string {
  if (!/^[\w.-]+$/.test(file))
    throw new Error(`secretRef: "${file}" is no file name of letters, digits, "-", "_", "."`);
  return `\${secrets:${folder}:${file}}`;
}

/** A secret value to upload into the Connect container. */
export interface SecretFile {
  /** Absolute path in the container. */
  file: string;
  /** The file's content, if it is text. */
  content?: pulumi.Output<string>;
  /** The file's content in base64, if it is binary. */
  contentBase64?: pulumi.Output<string>;
}

/**
 * Splits secret config values into references for the connector and files for the Connect container.
 *
 * @param secrets config key to value: `{ "database.password": password }`
 * @returns `config` to merge into the connector's, `files` to upload, `version` for the connector's `secretsVersion`
 */
export function secretFiles(
  secrets: Record<string, pulumi.Input<string>>,
  folder: string = SECRETS_FOLDER,
): { config: Record<string, string>; files: SecretFile[]; version: pulumi.Output<string> } {
  const names = Object.keys(secrets).sort();
  return {
    config: Object.fromEntries(names.map((key) => [key, secretRef(secretFileName(key), folder)])),
    files: names.map((key) => ({ file: `${folder}/${secretFileName(key)}`, content: pulumi.secret(secrets[key]!) })),
    version: secretsVersion(secrets),
  };
}

/** Pure: name of the file of a secret in the connector's config. @param key as in `database.password` */
export function secretFileName(key: string): string {
  return key.replace(/[^\w-]/g, "-");
}

/** A hash that changes when any of the values does. It is a secret itself, since a weak password can be guessed from it. */
export function secretsVersion(secrets: Record<string, pulumi.Input<string>>): pulumi.Output<string> {
  const names = Object.keys(secrets).sort();
  const values = pulumi.all(names.map((name) => secrets[name]!));
  return pulumi.secret(values.apply((list) => digest(names, list)));
}

function digest(names: string[], values: string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([names, values]))
    .digest("hex")
    .slice(0, 16);
}
