import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { after, bare } from "./container/bare";
import { containerArgs, type StackArgs, volumeArgs, volumeOptions } from "./container/container";
import { answersTcp } from "./container/healthy";
import { javaProgram } from "./container/java";
import { coordinationLabels, membersLabel } from "./container/labels";
import type { Coordination } from "./settings/coordination";
import type { LogLevel } from "../consumer/log-level";
import { properties } from "./container/properties";
import { beyondDefault, MAX_RECORD_MB, recordBytes } from "./connector/config/record-size";
import { type BrokerMember, memberProperties, zookeeperMemberProperties } from "./cluster/brokers/broker-member";
import {
  advertisedListeners,
  EXTERNAL_PORT,
  INTERNAL_PORT,
  kraftProperties,
  zookeeperModeProperties,
} from "./cluster/brokers/coordination-properties";
import { type Quorum, quorumLabel } from "./cluster/brokers/quorum-id";
import { memberRole } from "./cluster/members";

export interface KafkaArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** @default "info" */
  logLevel?: LogLevel;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  /** Whether each record is on the disk before it is acknowledged. @default false */
  flushBeforeAck?: boolean;
  /** Memory limit in MiB, without the memory for larger records. @default 768 */
  memoryMb?: number;
  /** Port on 127.0.0.1 for clients on this machine. */
  port: number;
  /**
   * ZooKeeper's address on the stack's network, and its container, which starts before the broker. @default none: the broker is
   * its own controller (KRaft), which takes Kafka 4
   */
  zookeeper?: { address: pulumi.Input<string>; container: pulumi.Resource };
  /** Which one of several brokers it is. @default the only one */
  member?: BrokerMember;
  /** Without ZooKeeper, with several brokers: their cluster. @default an only broker makes up the id of its cluster */
  quorum?: Quorum;
}

/** A Kafka broker. It makes no topics by itself, because topics are resources. */
export class Kafka extends pulumi.ComponentResource {
  /** For clients on this machine: `127.0.0.1:29092`. */
  readonly bootstrapServers: string;
  /** For containers of the stack: `kafka:9092`. */
  readonly internalServers: pulumi.Output<string>;
  readonly container: docker.Container;
  /** The volume with all that is made in the broker. */
  readonly data: docker.Volume;

  constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    const { image: _image, imageIds: _ids, network: _network, zookeeper, memoryMb = USUAL_MB, ...own } = args;
    super("cdc:index:Kafka", name, own, opts);
    const coordination: Coordination = zookeeper === undefined ? "kraft" : "zookeeper";
    const labels = coordinationLabels(coordination);
    const { member, quorum } = args;
    const index = member?.index ?? 1;
    const role = memberRole("kafka", index);
    const volumeLabels = { ...labels, ...quorumLabel(quorum, index) };
    this.data = new docker.Volume(
      `${name}-data`,
      volumeArgs(args.prefix, `${role}-data`, volumeLabels),
      volumeOptions(this),
    );
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
          // The other half of the memory is for the page cache, from which the broker reads.
          heapMb: 256 + Math.floor((memoryMb - USUAL_MB) / 2) + beyondDefault(args.maxRecordMb, 4),
          logLevel: args.logLevel,
          main: "kafka.Kafka",
          prepare: [
            withoutEmptyMark("/kafka/data"),
            ...(zookeeper === undefined ? [formatCommand(quorum, index)] : []),
          ].join("; "),
          properties: pulumi.output(zookeeper?.address).apply((address) =>
            brokerProperties({
              ...{ zookeeper: address, role, member },
              ...{ advertised: `127.0.0.1:${args.port}`, maxRecordMb: args.maxRecordMb },
              flushBeforeAck: args.flushBeforeAck,
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

/** A command that formats the volume before the first start. Before later starts it does nothing. */
function formatCommand(quorum: Quorum | undefined, index: number): string {
  return `sh /kafka/config/format.sh${quorum ? ` ${quorum.clusterId} ${index}` : ""}`;
}

/**
 * A shell command that removes an empty mark of an orderly shutdown. A broker whose disk is full ends with such a mark (Kafka 3.9.2). The next start would leave out the
 * recovery that the segments need. It would take their records for older than any retention, because their time indexes are empty, and delete them half a minute later.
 */
export function withoutEmptyMark(folder: string): string {
  const mark = `${folder}/.kafka_cleanshutdown`;
  return `[ -s ${mark} ] || rm -f ${mark}`;
}

/** The usual memory limit: what was measured, and a little more. */
const USUAL_MB = 768;

interface BrokerAddresses {
  /** @default none: KRaft */
  zookeeper?: string;
  /** Address that the broker tells clients on this machine. */
  advertised: string;
  /** @default 16 */
  maxRecordMb?: number;
  /** Whether each record is on the disk before it is acknowledged. @default false */
  flushBeforeAck?: boolean;
  /** Its name on the stack's network. @default "kafka" */
  role?: string;
  /** Which one of several brokers it is. @default the only one */
  member?: BrokerMember;
}

export function brokerProperties(args: BrokerAddresses): string {
  const { zookeeper, advertised, maxRecordMb = MAX_RECORD_MB, flushBeforeAck = false, role = "kafka", member } = args;
  return properties("Kafka broker", {
    ...(zookeeper === undefined ? kraftProperties(member) : zookeeperModeProperties(zookeeper)),
    "log.dirs": "/kafka/data",
    "advertised.listeners": advertisedListeners(role, advertised, zookeeper === undefined && member !== undefined),
    "inter.broker.listener.name": "INTERNAL",

    // The default of eleven threads is too many for two cores, and each idle thread looks for work some times a second.
    "num.network.threads": 2,
    "num.io.threads": 2,

    "auto.create.topics.enable": false,
    // One broker keeps one copy of everything. Few partitions make its start fast.
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
    // Offsets are never deleted: a group whose members were away for a week would read all topics again, and handle old dead letters.
    "offsets.retention.minutes": 2 ** 31 - 1,
    // This is for every topic, also for Connect's and the groups' offsets: an acknowledged record without its offset, or an offset without its record, would be no use.
    ...(flushBeforeAck && { "log.flush.interval.messages": 1 }),
    ...(member && memberProperties(member)),
    ...(member && zookeeper !== undefined && zookeeperMemberProperties(member)),
  });
}
