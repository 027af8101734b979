import { indexes, memberIndex, memberRole } from "../../components/cluster/members";
import { docker } from "../../components/engine";
import type { SourceDatabase } from "../../components/connector/connector-types";
import type { ConnectAccess } from "../../components/existing/connect/connect-access";
import type { KafkaAccess } from "../../components/existing/kafka/kafka-access";
import {
  COORDINATION_LABEL,
  DATABASE_LABEL,
  type DatabaseLabel,
  MEMBERS_LABEL,
  STACK_LABEL,
} from "../../components/container/labels";
import type { Coordination } from "../../components/settings/coordination";

/** The stack's containers, in the order in which the changes pass them. */
export const SERVICES = ["postgres", "zookeeper", "kafka", "connect", "consumer"] as const;
export type Service = (typeof SERVICES)[number];

/** Pure: the services of a stack. Without ZooKeeper the broker keeps its own metadata. */
export function servicesOf(coordination: Coordination): readonly Service[] {
  return SERVICES.filter((service) => coordination === "zookeeper" || service !== "zookeeper");
}

/** A container as the engine shows it. `missing`: the engine has none. `elsewhere`: somebody else runs this part. */
export interface ContainerLook {
  service: Service;
  /** Its name within the network: the service, from the second member on with a number, as in `kafka-2`. */
  role: string;
  name: string;
  state: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead" | "missing" | "elsewhere";
  health: "healthy" | "unhealthy" | "starting" | "none";
  /** When it was last started, ISO 8601; null: never. */
  startedAt: string | null;
  /** When it last ended, ISO 8601; null: never. */
  endedAt: string | null;
  /** How often the engine has started it again. */
  restarts: number;
  exitCode: number;
  /** Whether the kernel ended it for its memory. */
  outOfMemory: boolean;
  /** Why the engine could not start it; empty: it could. */
  error: string;
  /** Whether somebody took it off the stack's network. The other containers do not find it then. */
  detached: boolean;
  /** Name with tag. */
  image: string;
  /** By port within the network, the port on this machine, whether it is published at the moment or not. */
  ports: Record<string, number>;
  /** Its settings. None is secret: those are files. */
  environment: Record<string, string>;
  labels: Record<string, string>;
  /** `elsewhere`: how to reach it. */
  kafka?: KafkaAccess;
  connect?: ConnectAccess;
  database?: DatabaseLabel;
  /** How to reach the database, where no container of the stack knows it. */
  source?: SourceDatabase;
}

/** Whether the part can be asked. */
export function isThere({ state }: Pick<ContainerLook, "state">): boolean {
  return state === "running" || state === "elsewhere";
}

/** Ids of the containers of all stacks, running or not, by `<project>-<stack>`. */
export async function containersByStack(deadlineMs: number): Promise<Map<string, string[]>> {
  const format = `{{.ID}}\t{{.Label "${STACK_LABEL}"}}`;
  const text = await docker(["ps", "--all", "--filter", `label=${STACK_LABEL}`, "--format", format], deadlineMs);
  const found = new Map<string, string[]>();
  for (const line of text.split("\n").filter(Boolean)) {
    const [id = "", stack = ""] = line.split("\t");
    found.set(stack, [...(found.get(stack) ?? []), id]);
  }
  return found;
}

/** The stack's containers, those that are missing too. @param ids of all that bear its label */
export async function lookAtContainers(prefix: string, ids: string[], deadlineMs: number): Promise<ContainerLook[]> {
  const text = ids.length === 0 ? "[]" : await docker(["inspect", "--type", "container", ...ids], deadlineMs);
  return parseInspected(prefix, text);
}

/** What of `docker inspect` is read here. */
interface Inspected {
  Name: string;
  RestartCount: number;
  State: {
    Status: ContainerLook["state"];
    StartedAt: string;
    FinishedAt: string;
    ExitCode: number;
    OOMKilled: boolean;
    Error: string;
    Health?: { Status: ContainerLook["health"] };
  };
  Config: { Image: string; Env: string[] | null; Labels: Record<string, string> | null };
  /** By name. */
  NetworkSettings: { Networks: Record<string, unknown> | null };
  HostConfig: { PortBindings: Record<string, { HostPort: string }[] | null> | null };
}

/**
 * Pure: the stack's containers, from what `docker inspect` printed: five, or four without ZooKeeper, and in a cluster all members of each
 * service. A label on each member says how many there are. A further container that bears the stack's label is left out.
 */
export function parseInspected(prefix: string, text: string): ContainerLook[] {
  const found = JSON.parse(text) as Inspected[];
  const looks = SERVICES.flatMap((service) => {
    const members = found.filter(({ Name }) => memberIndex(service, Name.slice(prefix.length + 2)) !== undefined);
    const counts = members.map(({ Config }) => Number(Config.Labels?.[MEMBERS_LABEL] ?? 1));
    return indexes(Math.max(1, ...counts)).map((index) => {
      const role = memberRole(service, index);
      const inspected = members.find(({ Name }) => Name === `/${prefix}-${role}`);
      return {
        service,
        role,
        name: `${prefix}-${role}`,
        ...(inspected ? lookOf(inspected, `${prefix}-net`) : MISSING),
      };
    });
  });
  const label = looks.find(({ service }) => service === "connect")?.labels[DATABASE_LABEL];
  const isKraft = looks.some(({ labels }) => labels[COORDINATION_LABEL] === "kraft");
  const services = servicesOf(isKraft ? "kraft" : "zookeeper");
  const own = looks.filter(({ service }) => services.includes(service));
  return own.map((look) => (label !== undefined && look.service === "postgres" ? elsewhere(look, label) : look));
}

/** Kafka Connect's container knows the database that it reads from. */
function elsewhere(look: ContainerLook, label: string): ContainerLook {
  return { ...look, state: "elsewhere", database: JSON.parse(label) as DatabaseLabel };
}

function lookOf(
  { RestartCount, State, Config, NetworkSettings, HostConfig }: Inspected,
  network: string,
): Omit<ContainerLook, "service" | "role" | "name"> {
  const ports = Object.entries(HostConfig.PortBindings ?? {}).map(([internal, bindings]) => [
    internal.replace("/tcp", ""),
    Number(bindings?.[0]?.HostPort),
  ]);
  const environment = (Config.Env ?? []).map((pair) => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return {
    state: State.Status,
    health: State.Health?.Status ?? "none",
    startedAt: moment(State.StartedAt),
    endedAt: moment(State.FinishedAt),
    restarts: RestartCount,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    error: State.Error,
    detached: !Object.hasOwn(NetworkSettings.Networks ?? {}, network),
    image: Config.Image,
    ports: Object.fromEntries(ports),
    environment: Object.fromEntries(environment),
    labels: Config.Labels ?? {},
  };
}

/** The engine's word for never is a time of the year 1. */
function moment(text: string): string | null {
  return text.startsWith("0001-") ? null : text;
}

const MISSING: Omit<ContainerLook, "service" | "role" | "name"> = {
  ...{ state: "missing", health: "none", startedAt: null, endedAt: null, restarts: 0, exitCode: 0 },
  ...{ outOfMemory: false, error: "", detached: false, image: "", ports: {}, environment: {}, labels: {} },
};
