import { CONNECTION_SETUP } from "./connection-setup";
import type { Durability } from "../durability";

/** One of several brokers. */
export interface BrokerMember extends Durability {
  /** The broker's id in Kafka, from 1 on. */
  index: number;
  /** How many brokers there are. */
  brokers: number;
}

/** Pure: properties of one of several brokers that an only broker does not have. */
export function memberProperties({ copies, minInsync }: BrokerMember): Record<string, string | number | boolean> {
  return {
    "default.replication.factor": copies,
    "min.insync.replicas": minInsync,
    // Kafka's own topics: groups' offsets and transactions.
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": minInsync,
    // The broker hands its partitions over before it stops, so that nobody waits for its session to end.
    "controlled.shutdown.enable": true,
    // Brokers copy from each other, and the controller tells them which one leads a partition.
    ...CONNECTION_SETUP,
    // A broker leads its partitions again soon after it is back.
    "leader.imbalance.check.interval.seconds": 30,
  };
}

/** Pure: further properties of one of several brokers with ZooKeeper. */
export function zookeeperMemberProperties({ index }: BrokerMember): Record<string, string | number | boolean> {
  return {
    "broker.id": index,
    // All brokers may stop at once, as in a destroy. Nobody takes the partitions then, and the broker must give up before it is killed.
    "controlled.shutdown.max.retries": 2,
    "controlled.shutdown.retry.backoff.ms": 500,
  };
}
