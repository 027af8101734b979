/** The part of a stack's exported state that these commands read and change. */
export interface Resource {
  urn: string;
  type: string;
  id?: string;
  inputs?: {
    name?: string;
    image?: string;
    bootstrapServers?: string;
    connectorName?: string;
    connectUrl?: string;
    /** Of a connector at a worker of the stack's own. */
    worker?: string;
    networksAdvanced?: { name: string; aliases?: string[] }[];
    volumes?: { volumeName?: string }[];
    labels?: { label: string; value?: string }[];
  };
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  /** URN of the resource whose deletion also deletes this one: a volume. */
  deletedWith?: string;
}

export interface Deployment {
  /** When the state was written. */
  manifest?: { time?: string };
  resources?: Resource[];
  /** Operations that were under way when the run was killed. */
  pending_operations?: { type: string; resource: Resource }[];
}

export const CONTAINER = "docker:index/container:Container";
export const NETWORK = "docker:index/network:Network";
export const VOLUME = "docker:index/volume:Volume";
export const IMAGE = "docker:index/remoteImage:RemoteImage";
export const TOPIC = "kafka:index/topic:Topic";

/** Pure: the state without some resources, and without references to them. */
export function without(deployment: Deployment, urns: ReadonlySet<string>): Deployment {
  const stays = (urn: string) => !urns.has(urn);
  const resources = (deployment.resources ?? [])
    .filter(({ urn }) => stays(urn))
    .map((resource) => {
      const { deletedWith, dependencies, propertyDependencies, ...rest } = resource;
      const properties = Object.entries(propertyDependencies ?? {}).map(([key, on]) => [key, on.filter(stays)]);
      return {
        ...rest,
        ...(dependencies && { dependencies: dependencies.filter(stays) }),
        ...(propertyDependencies && {
          propertyDependencies: Object.fromEntries(properties) as Record<string, string[]>,
        }),
        ...(deletedWith && stays(deletedWith) && { deletedWith }),
      };
    });
  return { ...deployment, resources };
}
