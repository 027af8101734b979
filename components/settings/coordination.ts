/**
 * What keeps the broker's metadata: `zookeeper` (Kafka 3.9, the last line that runs with it), or `kraft`: Kafka 4, whose broker keeps them
 * itself. The two cannot read each other's volume.
 */
export const COORDINATIONS = ["zookeeper", "kraft"] as const;

export type Coordination = (typeof COORDINATIONS)[number];
