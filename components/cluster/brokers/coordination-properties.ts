/** A broker's properties that name who keeps its metadata: ZooKeeper, or the controllers of KRaft. */
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
    // A broker that was killed comes back after the session: 6 s instead of 18.
    "zookeeper.session.timeout.ms": 6000,
    listeners: LISTENERS,
    "listener.security.protocol.map": PROTOCOLS,
    // There is no other broker to hand anything over to, and without ZooKeeper the attempt would hold the stop up.
    "controlled.shutdown.enable": false,
  };
}

/**
 * Pure: of a broker that is a controller too (KRaft). It says goodbye to itself when it stops, without which the next start waits for a session.
 *
 * All of several are voters of the quorum, which goes on while more than half of them are there. The first begins it, and the others join
 * by themselves (`format.sh`); so do those that come later.
 *
 * @param member which of several it is; undefined: the only one
 */
export function kraftProperties(member?: Pick<BrokerMember, "index" | "brokers">): Properties {
  const common = {
    "process.roles": "broker,controller",
    "node.id": member?.index ?? 1,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": `${PROTOCOLS},CONTROLLER:PLAINTEXT`,
    // No record of nothing twice a second: nobody has to see that the log still moves.
    "metadata.max.idle.interval.ms": 0,
  };
  if (member === undefined)
    return {
      ...common,
      "controller.quorum.bootstrap.servers": `127.0.0.1:${CONTROLLER_PORT}`,
      listeners: `${LISTENERS},CONTROLLER://127.0.0.1:${CONTROLLER_PORT}`,
      // One that was killed comes back after the session: 2 s instead of 9.
      "broker.session.timeout.ms": 2000,
      "broker.heartbeat.interval.ms": 500,
    };
  const controllers = indexes(member.brokers).map((index) => `${memberRole("kafka", index)}:${CONTROLLER_PORT}`);
  return {
    ...common,
    "controller.quorum.bootstrap.servers": controllers.join(","),
    "controller.quorum.auto.join.enable": true,
    listeners: `${LISTENERS},CONTROLLER://0.0.0.0:${CONTROLLER_PORT}`,
    // As with ZooKeeper: a killed one's partitions are led by others after 6 s.
    "broker.session.timeout.ms": 6000,
    "broker.heartbeat.interval.ms": 1000,
  };
}

/** Pure: under which names others find a broker. @param external address on this machine, as in `127.0.0.1:29092` */
export function advertisedListeners(role: string, external: string, isQuorumMember: boolean): string {
  const usual = `INTERNAL://${role}:${INTERNAL_PORT},EXTERNAL://${external}`;
  // An only one finds itself.
  return isQuorumMember ? `${usual},CONTROLLER://${role}:${CONTROLLER_PORT}` : usual;
}
