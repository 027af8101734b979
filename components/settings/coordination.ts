/**
 * What keeps the broker's metadata. `zookeeper` is Kafka 3.9, the last line that runs with ZooKeeper. `kraft` is Kafka 4, whose broker keeps
 * them itself. Neither can read the other's volume.
 */
export const COORDINATIONS = ["zookeeper", "kraft"] as const;

export type Coordination = (typeof COORDINATIONS)[number];
