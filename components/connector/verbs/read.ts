import type * as pulumi from "@pulumi/pulumi";
import * as api from "../rest/connect-api";
import { asStrings, driftOf, isMasked } from "../connector-diff";
import { isAbsent, targetOf } from "../rest/rest";
import { namedTables, outputTopics } from "../slot/source";
import { overallState, tasksOf } from "../rest/connector-status";
import type { ConfigValue, ConnectorInputs, ConnectorOutputs } from "../connector-types";

/**
 * The connector as Kafka Connect has it. Declared keys get their live values. A drift is also returned as inputs, so that the next
 * preview shows it as a difference.
 *
 * @param id the connector's name, or `<connectUrl>|<name>` when nothing is known about it yet
 */
export async function read(id: string, known?: Partial<ConnectorOutputs>): Promise<pulumi.dynamic.ReadResult> {
  const props = { ...known } as ConnectorOutputs;
  const { url, name } = parseId(id, props);
  const target = targetOf({ ...props, connectUrl: url }, `read connector ${name}`, Date.now() + 5000);
  try {
    const live = await api.getConfig(target, name);
    if (!live) return {};
    const status = await api.getStatus(target, name);
    const imported = Object.keys(props.config ?? {}).length === 0;
    const config = imported ? withoutServerKeys(live) : declaredPart(props.config, live);
    const plugins = await api.getPlugins(target);
    const outs = {
      ...defaults(),
      ...props,
      pendingSnapshots: imported ? [] : unread(props, config),
      connectUrl: url,
      connectorName: name,
      config,
      state: status ? overallState(status) : "UNKNOWN",
      tasks: status ? tasksOf(status) : [],
      topics: outputTopics(config, await api.getTopics(target, name)),
      pluginVersion: plugins.find((plugin) => plugin.class === live["connector.class"])?.version ?? "",
    };
    const drifted = imported || driftOf(props as unknown as ConnectorInputs, live, status).length > 0;
    return { id: name, props: outs, ...(drifted ? { inputs: inputsOf(outs) } : {}) };
  } catch (error) {
    if (!isAbsent(error) || !known?.connectorName) throw error;
    console.error(`Kafka Connect at ${url} does not answer: connector ${name} is shown as it was last applied.`);
    return { id, props };
  }
}

/** Connect's address and the connector's name, from the id where it has both, else from the state. @throws when neither has them */
function parseId(id: string, props: Partial<ConnectorOutputs>): { url: string; name: string } {
  const at = id.lastIndexOf("|");
  if (at > 0) return { url: id.slice(0, at), name: id.slice(at + 1) };
  if (props.connectUrl) return { url: props.connectUrl, name: props.connectorName || id };
  throw new Error(
    `"${id}" does not say where the connector is: give <connectUrl>|<name>, as in http://127.0.0.1:8083|${id}.`,
  );
}

/**
 * The tables that are still to be read. A table that the live config has and the state does not was given to the connector by an apply that was
 * killed, or by hand: nothing tells that its rows were read.
 */
function unread({ config, pendingSnapshots = [] }: ConnectorOutputs, live: Record<string, ConfigValue>): string[] {
  const before = [...namedTables(config), ...pendingSnapshots];
  return [...pendingSnapshots, ...namedTables(live).filter((table) => !before.includes(table))];
}

function declaredPart(
  declared: Record<string, ConfigValue>,
  live: Record<string, string>,
): Record<string, ConfigValue> {
  const strings = asStrings(declared);
  const entries = Object.entries(declared).flatMap(([key, value]): [string, ConfigValue][] => {
    const now = live[key];
    if (now === undefined) return [];
    return [[key, now === strings[key] || isMasked(now) ? value : now]];
  });
  return Object.fromEntries(entries);
}

function withoutServerKeys(live: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(live).filter(([key]) => key !== "name" && !key.startsWith("__internal.")));
}

function defaults() {
  const options = { keepOffsets: false, keepSlot: false, readyTimeoutSeconds: 300, deleteTimeoutSeconds: 60 };
  return { ...options, pendingSnapshots: [] as string[] };
}

function inputsOf(outs: ConnectorOutputs): Record<string, unknown> {
  const {
    tasks: _tasks,
    topics: _topics,
    pluginVersion: _version,
    pendingSnapshots: _pending,
    drift: _drift,
    ...inputs
  } = outs;
  return inputs;
}
