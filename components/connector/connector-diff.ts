import { isUnrepaired } from "../../program/dynamic/drift";
import { hasUnknown } from "../../program/dynamic/unknown";
import { explain, isBesideDatabase, rootCause } from "./rest/root-cause";
import { failures } from "./rest/connector-status";
import type { ConfigValue, ConnectorInputs, ConnectorOutputs, ConnectorStatus } from "./connector-types";

/** Connect's view of a config: strings only. */
export function asStrings(config: Record<string, ConfigValue>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]));
}

/** Whether a key that was set before has another value now. */
export function hasAnother(
  key: string,
  before: Record<string, ConfigValue>,
  now: Record<string, ConfigValue>,
): boolean {
  return before[key] !== undefined && before[key] !== now[key];
}

export interface ConnectorDiff {
  changes: boolean;
  /** `config["max.batch.size"]`, `state`: what differs, for the log. */
  changed: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** Inputs that are compared by value. */
const OPTIONS = [
  "connectUrl",
  "connectToken",
  "connectorName",
  "secretsVersion",
  "captureId",
  "worker",
  "bootstrapServers",
  "kafkaCluster",
  "keepOffsets",
  "keepSlot",
  "readyTimeoutSeconds",
  "deleteTimeoutSeconds",
] as const;

/**
 * What an update would change. Compares the config that was applied last with the declared one, key by key. Keys that Kafka Connect
 * added are in neither. An unknown name or class counts as an update, because it may turn out to be the old one.
 */
export function diffConnector(olds: ConnectorOutputs, news: ConnectorInputs): ConnectorDiff {
  const options = OPTIONS.filter((key) => olds[key] !== news[key]);
  const changed: string[] = [...options, ...configKeys(olds.config, news.config)];
  if (olds.state !== news.state) changed.push("state");
  if (stable(olds.database) !== stable(news.database)) changed.push("database");
  if (stable(olds.observer) !== stable(news.observer)) changed.push("observer");
  // Only the input's name is listed: its values are secret.
  for (const key of ["connectSecurity", "kafkaSecurity", "secretConfig"] as const)
    if (stable(olds[key]) !== stable(news[key])) changed.push(key);
  if (stable(olds.tableIds) !== stable(news.tableIds)) changed.push("tableIds");
  if ((olds.pendingSnapshots ?? []).length > 0 && news.state === "RUNNING") changed.push("pendingSnapshots");
  if (isUnrepaired(news.drift, olds.drift)) changed.push("drift");
  const replaces = identity(olds, news);
  return { changes: changed.length > 0, changed, replaces, deleteBeforeReplace: replaces.length > 0 };
}

function identity(olds: ConnectorOutputs, news: ConnectorInputs): string[] {
  const known = (a: unknown, b: unknown): boolean => a !== b && !hasUnknown(b) && a !== undefined && b !== undefined;
  const oldClass = olds.config?.["connector.class"];
  const newClass = news.config?.["connector.class"];
  return [
    ...(known(olds.connectorName, news.connectorName) ? ["connectorName"] : []),
    ...(known(oldClass, newClass) ? ["config"] : []),
  ];
}

function configKeys(olds: Record<string, ConfigValue> = {}, news: Record<string, ConfigValue> | string = {}): string[] {
  if (typeof news === "string") return ["config"];
  const [before, after] = [asStrings(olds), asStrings(news)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => before[key] !== after[key]).map((key) => `config["${key}"]`);
}

/** JSON with sorted keys, so that the order in which a state was written does not count. */
function stable(value: object | undefined): string {
  return JSON.stringify(value ?? {}, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)))
      : part,
  );
}

/** Servers show passwords as stars. */
export function isMasked(value: string): boolean {
  return /^\*+$/.test(value);
}

/**
 * How the live connector differs from what was applied last, one line each for the preview. Values are shown unless
 * the key's name suggests a secret. Passing states (UNASSIGNED, RESTARTING) are no drift.
 */
export function driftOf(
  applied: Pick<ConnectorInputs, "config" | "state">,
  live: Record<string, string> | undefined,
  status: ConnectorStatus | undefined,
): string[] {
  if (!live) return ["deleted in Kafka Connect"];
  const lines = Object.entries(asStrings(applied.config))
    .filter(([key, value]) => live[key] !== value && !isMasked(live[key] ?? ""))
    .map(([key, value]) => `${key}: ${shown(key, live[key])} in Kafka Connect, ${shown(key, value)} declared`);
  if (!status) return lines;
  const broken = failures(status).map(({ what, trace }) => `${what} FAILED: ${whyFailed(trace)}`);
  const settled = ["RUNNING", "PAUSED", "STOPPED"].includes(status.connector.state);
  if (broken.length === 0 && settled && status.connector.state !== applied.state) {
    broken.push(`state: ${status.connector.state} in Kafka Connect, ${applied.state} declared`);
  }
  return applied.state === "STOPPED" && broken.length > 0 && status.connector.state === "STOPPED"
    ? lines
    : [...lines, ...broken];
}

/** The root cause; with the remedy where a restart alone would fail for the same reason. */
function whyFailed(trace: string): string {
  return isBesideDatabase(trace) ? explain(trace) : rootCause(trace).cause;
}

function shown(key: string, value: string | undefined): string {
  if (value === undefined) return "missing";
  return /password|secret|token|credential|jaas/i.test(key) ? "another value" : JSON.stringify(value);
}

/** Whether Connect needs a PUT of the config: a declared key differs, or one that is no longer declared is still there. */
export function needsPut(
  live: Record<string, string> | undefined,
  wanted: Record<string, string>,
  before: Record<string, ConfigValue> = {},
): boolean {
  if (!live) return true;
  const differs = Object.entries(wanted).some(([key, value]) => live[key] !== value);
  return differs || Object.keys(before).some((key) => !(key in wanted) && key in live && key !== "name");
}
