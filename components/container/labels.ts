/** By which labels a container is known, to us and to others' tools. */

import type { Coordination } from "../settings/coordination";
import type { TlsMode } from "../database/address";

/** Finds the stack's objects: `docker ps --filter label=cdc.stack=cdc-dev`. */
export const STACK_LABEL = "cdc.stack";

/** On Kafka Connect's container, where the stack's consumer is not the project's: `own` or `none`. */
export const CONSUMER_LABEL = "cdc.consumer";
/** On it as well, where the database is somebody else's: where that is, as JSON, without a secret. */
export const DATABASE_LABEL = "cdc.database";
export interface DatabaseLabel {
  host: string;
  port: number;
  database: string;
  /** The connector's role, whose password is a file of the container. */
  user: string;
  /** With TLS: how, and which of its files there are. */
  mode?: TlsMode;
  ca?: boolean;
  certified?: boolean;
}
/** Beside it: the connector's name, which the consumer's container knows elsewhere. */
export const CONNECTOR_LABEL = "cdc.connector";

/** Without ZooKeeper, on the broker's volume, its container and Kafka Connect's: `kraft`. */
export const COORDINATION_LABEL = "cdc.coordination";
/** Those containers' label and that volume's, beside those that all have. */
export function coordinationLabels(coordination: Coordination): Record<string, string> {
  return coordination === "kraft" ? { [COORDINATION_LABEL]: coordination } : {};
}

/** Without ZooKeeper, on the volumes of several brokers: the id of the cluster that they were formatted for. */
export const CLUSTER_LABEL = "cdc.cluster";

/** On the container of one of several: how many of its kind there are. */
export const MEMBERS_LABEL = "cdc.members";

/** Pure. @param count undefined: it is the only one, and says nothing */
export function membersLabel(count: number | undefined): Record<string, string> {
  return count === undefined || count === 1 ? {} : { [MEMBERS_LABEL]: String(count) };
}

/**
 * A container's labels by name. With Compose's own, what reads those shows the containers as one group. Only containers bear those: a volume whose labels change is made anew.
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
