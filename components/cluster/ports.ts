import type { PipelineArgs } from "../pipeline/pipeline-args";
import { indexes, memberPort } from "./members";
import type { ClusterSettings } from "./cluster-settings";

/** The settings that are ports of this machine. */
export const PORTS = ["postgresPort", "kafkaPort", "connectPort", "consumerPort"] as const;
export type PortKey = (typeof PORTS)[number];
/** A part that somebody else runs, or that the stack does not have, needs no port. */
type Parts = Partial<Pick<PipelineArgs, "existingDatabase" | "existingKafka" | "existingConnect" | "consumer">>;
export type PortSettings = Pick<PipelineArgs, PortKey | keyof ClusterSettings> & Parts;

/** Pure: the ports of this machine that each setting takes; none for a part that the stack does not have. The ports of further members follow that of the first. */
export function portsOf(settings: PortSettings): Record<PortKey, number[]> {
  const { postgresPort, kafkaPort, connectPort, consumerPort } = settings;
  const several = (port: number, count?: number): number[] => indexes(count).map((index) => memberPort(port, index));
  return {
    postgresPort: settings.existingDatabase ? [] : [postgresPort],
    kafkaPort: settings.existingKafka ? [] : several(kafkaPort, settings.brokers),
    connectPort: settings.existingConnect ? [] : several(connectPort, settings.connectWorkers),
    consumerPort: settings.consumer === "none" ? [] : several(consumerPort, settings.consumers),
  };
}

/** Pure: settings whose ports another setting takes, and what is allowed. */
export function portClashes(settings: PortSettings, project: string): [key: string, allowed: string][] {
  const ports = portsOf(settings);
  return PORTS.flatMap((key, at): [string, string][] => {
    const twin = PORTS.slice(0, at).find((other) => ports[other].some((port) => ports[key].includes(port)));
    if (twin === undefined)
      return ports[key].length > 1 && ports[key].at(-1)! > 65535
        ? [[key, "a port with room for those that follow it"]]
        : [];
    const shared = ports[key].find((port) => ports[twin].includes(port));
    const which = shared === ports[key][0] ? "this one" : `${shared}, which follows it,`;
    return [[key, `a port of its own; ${project}:${twin} has ${which} already`]];
  });
}
