/** Properties of a broker that say what keeps its metadata: ZooKeeper, or the controllers of KRaft. */
import type { BrokerMember } from "./broker-member";
import { indexes, memberRole } from "../members";

type Properties = Record<string, string | number | boolean>;

/** The port at which brokers and containers of the stack reach a broker. */
export const INTERNAL_PORT = 9092;
/** The port at which this machine reaches it. */
export const EXTERNAL_PORT = 29092;
/** The port at which other brokers reach it as a controller. */
const CONTROLLER_PORT = 9093;

const LISTENERS = `INTERNAL://0.0.0.0:${INTERNAL_PORT},EXTERNAL://0.0.0.0:${EXTERNAL_PORT}`;
const PROTOCOLS = "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT";

/** Pure: with ZooKeeper. */
export function zookeeperModeProperties(address: string): Properties {
  return {
    "broker.id": 1,
    "zookeeper.connect": address,
    // A broker that was killed can come back when its session has ended: after 6 s instead of 18.
    "zookeeper.session.timeout.ms": 6000,
    listeners: LISTENERS,
    "listener.security.protocol.map": PROTOCOLS,
    // An only broker has nobody to hand partitions over to. If ZooKeeper has stopped before, the attempt would delay the broker's stop.
    "controlled.shutdown.enable": false,
  };
}

/**
 * Pure: properties of a broker that is a controller too (KRaft). When it stops, it deregisters from the controller, itself. Without that, the next start
 * would wait until its session ends.
 *
 * Several brokers are all voters of the quorum, which works while more than half of them run. The first one begins the quorum. The others, and those
 * that are added later, join by themselves (`format.sh`).
 *
 * @param member which one of several brokers; undefined: the only one
 */
export function kraftProperties(member?: Pick<BrokerMember, "index" | "brokers">): Properties {
  const common = {
    "process.roles": "broker,controller",
    "node.id": member?.index ?? 1,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": `${PROTOCOLS},CONTROLLER:PLAINTEXT`,
    // Off. By default, the controller writes an empty record twice a second, which shows followers that the log still moves.
    "metadata.max.idle.interval.ms": 0,
  };
  if (member === undefined)
    return {
      ...common,
      "controller.quorum.bootstrap.servers": `127.0.0.1:${CONTROLLER_PORT}`,
      listeners: `${LISTENERS},CONTROLLER://127.0.0.1:${CONTROLLER_PORT}`,
      // A broker that was killed can come back when its session has ended: after 2 s instead of 9.
      "broker.session.timeout.ms": 2000,
      "broker.heartbeat.interval.ms": 500,
    };
  const controllers = indexes(member.brokers).map((index) => `${memberRole("kafka", index)}:${CONTROLLER_PORT}`);
  return {
    ...common,
    "controller.quorum.bootstrap.servers": controllers.join(","),
    "controller.quorum.auto.join.enable": true,
    listeners: `${LISTENERS},CONTROLLER://0.0.0.0:${CONTROLLER_PORT}`,
    // As with ZooKeeper: other brokers lead a killed broker's partitions after 6 s.
    "broker.session.timeout.ms": 6000,
    "broker.heartbeat.interval.ms": 1000,
  };
}

/** Pure: the addresses at which clients and other brokers find a broker. @param external address on this machine, as in `127.0.0.1:29092` */
export function advertisedListeners(role: string, external: string, isQuorumMember: boolean): string {
  const usual = `INTERNAL://${role}:${INTERNAL_PORT},EXTERNAL://${external}`;
  // An only broker need not be found as a controller by others.
  return isQuorumMember ? `${usual},CONTROLLER://${role}:${CONTROLLER_PORT}` : usual;
}
