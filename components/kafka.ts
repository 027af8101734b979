import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { after, bare } from "./container/bare";
import { containerArgs, type StackArgs, volumeArgs } from "./container/container";
import { answersTcp } from "./container/healthy";
import { javaProgram } from "./container/java";
import { coordinationLabels, membersLabel } from "./container/labels";
import type { Coordination } from "./settings/coordination";
import type { LogLevel } from "./settings/log-level";
import { properties } from "./container/properties";
import { beyondDefault, MAX_RECORD_MB, recordBytes } from "./connector/record-size";
import { type BrokerMember, memberProperties } from "./cluster/broker-member";
import { memberRole } from "./cluster/members";

export interface KafkaArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** @default "info" */
  logLevel?: LogLevel;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  /** Memory limit in MiB, without what larger records take. @default 768 */
  memoryMb?: number;
  /** Port on 127.0.0.1 for clients on this machine. */
  port: number;
  /**
   * ZooKeeper's address on the stack's network, and its container, which starts before the broker. @default none: the broker is
   * its own controller (KRaft), which takes Kafka 4
   */
  zookeeper?: { address: pulumi.Input<string>; container: pulumi.Resource };
  /** Which of several it is. @default the only one */
  member?: BrokerMember;
}

/** A Kafka broker. Topics are resources: it makes none by itself. */
export class Kafka extends pulumi.ComponentResource {
  /** For clients on this machine: `127.0.0.1:29092`. */
  readonly bootstrapServers: string;
  /** For containers of the stack: `kafka:9092`. */
  readonly internalServers: pulumi.Output<string>;
  readonly container: docker.Container;
  /** The volume that everything made in it lives in. */
  readonly data: docker.Volume;

  constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    const { image: _image, network: _network, zookeeper, memoryMb = USUAL_MB, ...own } = args;
    super("cdc:index:Kafka", name, own, opts);
    const coordination: Coordination = zookeeper === undefined ? "kraft" : "zookeeper";
    const labels = coordinationLabels(coordination);
    const { member } = args;
    const role = memberRole("kafka", member?.index ?? 1);
    this.data = new docker.Volume(`${name}-data`, volumeArgs(args.prefix, `${role}-data`, labels), { parent: this });
    this.container = new docker.Container(
      `${name}-container`,
      containerArgs({
        stack: args,
        role,
        image: args.image,
        labels: { ...labels, ...membersLabel(member?.brokers) },
        memoryMb: memoryMb + beyondDefault(args.maxRecordMb, 4),
        publish: { [EXTERNAL_PORT]: args.port },
        ...javaProgram({
          options: "kafka",
          cache: "server",
          // The other half is for the page cache, which the broker reads from.
          heapMb: 256 + Math.floor((memoryMb - USUAL_MB) / 2) + beyondDefault(args.maxRecordMb, 4),
          logLevel: args.logLevel,
          main: "kafka.Kafka",
          ...(zookeeper === undefined && { prepare: "sh /kafka/config/format.sh" }),
          properties: pulumi.output(zookeeper?.address).apply((address) =>
            brokerProperties({
              ...{ zookeeper: address, role, member },
              ...{ advertised: `127.0.0.1:${args.port}`, maxRecordMb: args.maxRecordMb },
            }),
          ),
        }),
        volumes: [{ volumeName: bare(this.data.name), containerPath: "/kafka/data" }],
        healthy: answersTcp(INTERNAL_PORT),
        destroyGraceSeconds: 5,
      }),
      { parent: this, ...(zookeeper && { dependsOn: after(zookeeper.container) }) },
    );
    this.bootstrapServers = `127.0.0.1:${args.port}`;
    this.internalServers = pulumi.output(`${role}:${INTERNAL_PORT}`);
    const { bootstrapServers, internalServers } = this;
    this.registerOutputs({ bootstrapServers, internalServers, ...(member && { brokers: member.brokers }) });
  }
}

/** What was measured, and a little more. */
const USUAL_MB = 768;
const INTERNAL_PORT = 9092;
const EXTERNAL_PORT = 29092;
/** On which the broker is its own controller: nobody else's to use. */
const CONTROLLER_PORT = 9093;

interface BrokerAddresses {
  /** @default none: KRaft */
  zookeeper?: string;
  /** Address that clients on this machine are told to use. */
  advertised: string;
  /** @default 16 */
  maxRecordMb?: number;
  /** Its name on the stack's network. @default "kafka" */
  role?: string;
  /** Which of several it is. @default the only one */
  member?: BrokerMember;
}

export function brokerProperties(args: BrokerAddresses): string {
  const { zookeeper, advertised, maxRecordMb = MAX_RECORD_MB, role = "kafka", member } = args;
  return properties("Kafka broker", {
    ...(zookeeper === undefined ? kraftProperties() : zookeeperProperties(zookeeper)),
    "log.dirs": "/kafka/data",
    "advertised.listeners": `INTERNAL://${role}:${INTERNAL_PORT},EXTERNAL://${advertised}`,
    "inter.broker.listener.name": "INTERNAL",

    // Two cores have no use for eleven, and each idle one looks for work some times a second.
    "num.network.threads": 2,
    "num.io.threads": 2,

    "auto.create.topics.enable": false,
    // One broker keeps one copy of everything, and few partitions start fast.
    "offsets.topic.num.partitions": 1,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    // The first member of a group need not wait 3 s for others.
    "group.initial.rebalance.delay.ms": 0,
    "message.max.bytes": recordBytes(maxRecordMb),
    "replica.fetch.max.bytes": recordBytes(maxRecordMb),
    "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    "log.retention.hours": 168,
    // Never: a group whose members were away for a week would read all topics again, and handle dead letters of long ago.
    "offsets.retention.minutes": 2 ** 31 - 1,
    ...(member && memberProperties(member)),
  });
}

const LISTENERS = `INTERNAL://0.0.0.0:${INTERNAL_PORT},EXTERNAL://0.0.0.0:${EXTERNAL_PORT}`;
const PROTOCOLS = "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT";

function zookeeperProperties(address: string): Record<string, string | number | boolean> {
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

/** Of a broker that is its own controller. It says goodbye to itself when it stops, without which the next start waits for a session. */
function kraftProperties(): Record<string, string | number | boolean> {
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${CONTROLLER_PORT}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `${LISTENERS},CONTROLLER://127.0.0.1:${CONTROLLER_PORT}`,
    "listener.security.protocol.map": `${PROTOCOLS},CONTROLLER:PLAINTEXT`,
    // One that was killed comes back after the session: 2 s instead of 9.
    "broker.session.timeout.ms": 2000,
    "broker.heartbeat.interval.ms": 500,
    // No record of nothing twice a second: nobody has to see that the log still moves.
    "metadata.max.idle.interval.ms": 0,
  };
}
