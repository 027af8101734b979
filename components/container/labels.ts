/** Labels by which this project and other tools find the stack's containers. */

import type { Coordination } from "../settings/coordination";
import type { TlsMode } from "../database/address";

/** Finds the stack's objects: `docker ps --filter label=cdc.stack=cdc-dev`. */
export const STACK_LABEL = "cdc.stack";

/** On Kafka Connect's container, when the consumer is not the project's own: `own` (the user's image) or `none`. */
export const CONSUMER_LABEL = "cdc.consumer";
/** On Kafka Connect's container, with an existing database: its address as JSON, without a secret. */
export const DATABASE_LABEL = "cdc.database";
export interface DatabaseLabel {
  host: string;
  port: number;
  database: string;
  /** The connector's role, whose password is a file of the container. */
  user: string;
  /** With TLS: the mode. `ca` and `certified` say which of its files the container has. */
  mode?: TlsMode;
  ca?: boolean;
  certified?: boolean;
}
/** Beside these: the connector's name. With the project's consumer, the consumer's container has it. */
export const CONNECTOR_LABEL = "cdc.connector";

/** Without ZooKeeper: `kraft`, on the broker's volume and container, and on Kafka Connect's container. */
export const COORDINATION_LABEL = "cdc.coordination";
/** That label; none with ZooKeeper. */
export function coordinationLabels(coordination: Coordination): Record<string, string> {
  return coordination === "kraft" ? { [COORDINATION_LABEL]: coordination } : {};
}

/** Without ZooKeeper, on the volumes of several brokers: the id of the cluster for which they were formatted. */
export const CLUSTER_LABEL = "cdc.cluster";

/** On a container whose image a setting names: `name@id`. An image that was built again under its name has another id, and the container is replaced. */
export const IMAGE_LABEL = "cdc.image";

/** On the container of one of several members: how many there are of its kind. */
export const MEMBERS_LABEL = "cdc.members";

/** Pure. @param count undefined for an only member, which has no such label */
export function membersLabel(count: number | undefined): Record<string, string> {
  return count === undefined || count === 1 ? {} : { [MEMBERS_LABEL]: String(count) };
}

/**
 * A container's labels by name. Tools that read Compose's labels show the containers as one group. Only containers have these: a volume whose labels change is replaced.
 *
 * @param prefix `<project>-<stack>`
 * @param role the container's name within the network
 */
export function containerLabels(prefix: string, role: string): Record<string, string> {
  return {
    [STACK_LABEL]: prefix,
    "com.docker.compose.project": prefix,
    "com.docker.compose.service": role,
    "com.docker.compose.container-number": "1",
    "com.docker.compose.oneoff": "False",
  };
}
