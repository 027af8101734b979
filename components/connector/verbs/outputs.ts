import * as api from "../rest/connect-api";
import { describe, overallState, tasksOf } from "../rest/connector-status";
import type { Target } from "../rest/rest";
import { outputTopics } from "../slot/source";
import type { ConnectorInputs, ConnectorOutputs } from "../connector-types";
import type { ApplyProgress } from "./begin";

/** What is kept in the stack's state after an apply. */
export async function outputsOf(
  target: Target,
  inputs: ConnectorInputs,
  olds: ConnectorOutputs | undefined,
  progress: ApplyProgress,
): Promise<ConnectorOutputs> {
  const plugins = await api.getPlugins(target);
  const own = plugins.find((plugin) => plugin.class === inputs.config["connector.class"]);
  return {
    ...inputs,
    // A loss that this apply has not repaired, as that of a paused connector, is left to a later one.
    missed: !inputs.missed || progress.anew || progress.isFirst ? inputs.missed : olds?.missed,
    tasks: progress.status ? tasksOf(progress.status) : [],
    topics: outputTopics(inputs.config, await api.getTopics(target, inputs.connectorName)),
    pluginVersion: own?.version ?? "",
    pendingSnapshots: progress.pendingSnapshots,
  };
}

/**
 * The error with the state of the half-done resource, so that the next `pulumi up` repairs it. Pulumi reads `id`, `properties` with the
 * provider's own key, and `reasons`.
 */
export async function partial(
  target: Target,
  inputs: ConnectorInputs,
  olds: ConnectorOutputs | undefined,
  progress: ApplyProgress,
  error: Error,
): Promise<Error> {
  const brief = { ...target, until: Date.now() + 3000 };
  const exists = await api.getConfig(brief, inputs.connectorName).catch(() => ({}));
  if (!exists && !olds) return error;
  const status = await api.getStatus(brief, inputs.connectorName).catch(() => undefined);
  const { drift: _drift, ...declared } = inputs;
  const properties = {
    ...declared,
    ...(olds?.drift ? { drift: olds.drift } : {}),
    // The earlier values: the next apply tries the repair again, and sees that the offsets are of another server's log.
    missed: olds?.missed,
    ...(olds && progress.isAmid && { database: olds.database, captureId: olds.captureId, ...kafkaIn(olds) }),
    state: status ? overallState(status) : "UNKNOWN",
    tasks: status ? tasksOf(status) : [],
    topics: olds?.topics ?? [],
    pluginVersion: olds?.pluginVersion ?? "",
    pendingSnapshots: progress.pendingSnapshots,
  };
  const now = status && !error.message.includes("FAILED") ? ` Now: ${describe(status)}.` : "";
  return Object.assign(error, { id: inputs.connectorName, properties, reasons: [error.message + now] });
}

/** The Kafka of the last apply, with the way in: a question about what is lost there is answered by asking it. */
function kafkaIn({ kafkaCluster, bootstrapServers, kafkaSecurity }: ConnectorOutputs): Partial<ConnectorInputs> {
  return { kafkaCluster, bootstrapServers, kafkaSecurity };
}
