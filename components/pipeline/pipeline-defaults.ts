import * as pulumi from "@pulumi/pulumi";
import { packagePath } from "../../program/package-root";
import { aboutOwnDatabase } from "../database/database-setting";
import { SETTINGS } from "../settings/setting-list";
import { emptyPasswords, parseSettings, type Settings } from "../settings/settings";

/** Settings of a pipeline. All but the password have a default: docs/configuration.md. */
export type PipelineSettings = Partial<Omit<Settings, "password" | "capturePassword">> & {
  /** The superuser's password. A secret from here on. */
  password: pulumi.Input<string>;
  /** Password of an existing role in an existing database. @default a role is made, with a random password */
  capturePassword?: pulumi.Input<string>;
};

/**
 * A pipeline's arguments with their defaults, checked as this project's settings are.
 *
 * @param given `prefix` is `<project>-<stack>` by default
 * @throws pulumi.RunError with a sentence for every argument that is wrong, before anything is declared
 */
export function pipelineArgs(given: PipelineSettings): Settings {
  const { password, capturePassword, prefix, retentionMs, connectorSecrets, handlerSecrets, connectSecrets, ...more } =
    given;
  const { existingDatabase, existingKafka, existingConnect, ...rest } = more;
  const beyond = {
    prefix,
    retentionMs,
    connectorSecrets,
    handlerSecrets,
    connectSecrets,
    existingDatabase,
    existingKafka,
    existingConnect,
  };
  const texts = textsOf(said(rest));
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const { settings, problems } = parseSettings({ ...textsOf(defaults()), ...texts }, project, stack, [], said(beyond));
  if (capturePassword !== undefined && existingDatabase === undefined)
    problems.push(
      `${project}:capturePassword is about a database that is there already, and existingDatabase names none.`,
    );
  if (existingDatabase !== undefined) problems.push(...ofOwnDatabase(texts, project));
  problems.push(...emptyPasswords(existingDatabase === undefined ? given : { capturePassword }, project));
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
  const role = capturePassword === undefined ? {} : { capturePassword: pulumi.secret(capturePassword) };
  return { ...settings, ...role, password: pulumi.secret(password) };
}

/** Pure: arguments of a database of the pipeline's own, which would be ignored. Name and administrator are those of any database. */
function ofOwnDatabase(given: Readonly<Record<string, string>>, project: string): string[] {
  return aboutOwnDatabase(given)
    .filter((key) => !["database", "user", "password"].includes(key))
    .map(
      (key) =>
        `${project}:${key} is about a database of the pipeline's own, and existingDatabase names another one: take it away.`,
    );
}

/** Those that are given: an argument that is undefined has its default, as one that is left out has. */
function said<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function defaults(): Record<string, unknown> {
  const { password: _password, capturePassword: _role, ...others } = SETTINGS;
  const usual = Object.fromEntries(Object.entries(others).map(([key, setting]) => [key, setting.default]));
  // Paths of the package, wherever it is installed.
  return {
    ...usual,
    initFolder: packagePath(SETTINGS.initFolder.default),
    handler: packagePath(SETTINGS.handler.default),
  };
}

function textsOf(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, textOf(value)]));
}

/** The value as text, as Pulumi's configuration gives it. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
