import { CONNECTION_SETUP } from "./connection-setup";
import type { Durability } from "../durability";

/** One of several brokers. */
export interface BrokerMember extends Durability {
  /** From 1 on: Kafka's id of it. */
  index: number;
  /** How many there are. */
  brokers: number;
}

/** Pure: what one of several brokers is told that an only one is not. */
export function memberProperties({ copies, minInsync }: BrokerMember): Record<string, string | number | boolean> {
  return {
    "default.replication.factor": copies,
    "min.insync.replicas": minInsync,
    // Kafka's own topics: groups' offsets and transactions.
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": minInsync,
    // It hands its partitions over before it stops, so that nobody waits for its session to end.
    "controlled.shutdown.enable": true,
    // It copies from the others, and the controller tells them who leads.
    ...CONNECTION_SETUP,
    // What one led it leads again soon after it is back.
    "leader.imbalance.check.interval.seconds": 30,
  };
}

/** Pure: further ones with ZooKeeper. */
export function zookeeperMemberProperties({ index }: BrokerMember): Record<string, string | number | boolean> {
  return {
    "broker.id": index,
    // All brokers may stop at once, as in a destroy: then nobody takes the partitions, and it tries no longer than it is given.
    "controlled.shutdown.max.retries": 2,
    "controlled.shutdown.retry.backoff.ms": 500,
  };
}
