import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { SECRETS_FOLDER, secretRef } from "./connector";
import { REST_PORT, workerProperties } from "./connect/worker-properties";
import { containerArgs, type StackArgs } from "./container/container";
import { HOST_GATEWAY } from "./database/database-setting";
import { indexes, memberRole } from "./cluster/members";
import { membersLabel } from "./container/labels";
import type { KafkaSecurity } from "./existing/kafka/kafka-access";
import { workerSecurity } from "./existing/kafka/worker-security";
import { answersHttp } from "./container/healthy";
import { javaProgram } from "./container/java";
import { beyondDefault } from "./connector/config/record-size";
import type { LogLevel } from "../consumer/log-level";

export interface ConnectArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** @default "info" */
  logLevel?: LogLevel;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  /** Memory limit in MiB, without what larger records take. @default 1024 */
  memoryMb?: number;
  /** Port of the REST API on 127.0.0.1. */
  port: number;
  /** The brokers' containers, where they are the stack's: they stop after the worker, which leaves its group with their help. */
  brokers?: pulumi.Resource[];
  /** Its source connectors write in transactions; with the one whose only task no other worker may run. @default none does */
  exactlyOnce?: { connectorName?: string };
  /** Kafka's address on the stack's network. */
  internalServers: pulumi.Input<string>;
  /** What its REST API wants with a config. Only a hash of it reaches the container. */
  token: pulumi.Input<string>;
  /** A Kafka that somebody else runs, and that the worker shares with others. @default the stack's own */
  existing?: SharedKafka;
  /** Secret values that connectors refer to by file, each uploaded into `/kafka/secrets`. @default none */
  secretFiles?: { file: string; content?: pulumi.Input<string>; contentBase64?: pulumi.Input<string> }[];
  /** Shell commands that run in its container before it. @default none */
  prepare?: string;
  /** Whether its image has plugins that somebody else made. @default false */
  plugins?: boolean;
  /** Whether its container finds this machine, as `host.docker.internal`. @default false */
  findsHost?: boolean;
  /** Which of several it is, and the topics that all keep their state in. @default the only one */
  member?: WorkerMember;
  /** Labels of its container beside those that all have. @default none */
  labels?: Record<string, string>;
}

/** A Kafka Connect worker with Debezium. Its state lives in Kafka, so the container has no volume. */
export class Connect extends pulumi.ComponentResource {
  /** The REST API, from this machine: `http://127.0.0.1:8083`. */
  readonly url: pulumi.Output<string>;
  /** The REST API, from containers of the stack. */
  readonly internalUrl: pulumi.Output<string>;
  readonly container: docker.Container;

  constructor(name: string, args: ConnectArgs, opts?: pulumi.ComponentResourceOptions) {
    const {
      image: _image,
      network: _network,
      token: _token,
      brokers = [],
      existing,
      member,
      labels: _labels,
      memoryMb: _memoryMb,
      findsHost: _findsHost,
      prepare: _prepare,
      ...own
    } = args;
    super("cdc:index:Connect", name, own, opts);
    const role = memberRole("connect", member?.index ?? 1);
    this.container = new docker.Container(`${name}-container`, workerContainer(role, args), {
      parent: this,
      dependsOn: [...brokers, ...(existing?.topics ?? member?.topics ?? [])],
    });
    this.url = pulumi.output(`http://127.0.0.1:${args.port}`);
    this.internalUrl = pulumi.output(`http://${role}:${REST_PORT}`);
    this.registerOutputs({ url: this.url, internalUrl: this.internalUrl });
  }
}

/** What was measured, and a little more. */
const USUAL_MB = 1024;
/** From this machine, from containers of the stack, and from other containers by way of this machine. */
const HOSTS = ["127.0.0.1", "localhost", "[::1]", "connect", "host.docker.internal"];

/** @param role its name on the stack's network */
function workerContainer(role: string, args: ConnectArgs): docker.ContainerArgs {
  const { member, existing, labels = {}, memoryMb = USUAL_MB } = args;
  const security = workerSecurity(existing?.security ?? {}, SECRETS_FOLDER, secretRef);
  return containerArgs({
    stack: args,
    role,
    image: args.image,
    labels: { ...labels, ...membersLabel(member?.workers) },
    memoryMb: memoryMb + beyondDefault(args.maxRecordMb, 12),
    publish: { [REST_PORT]: args.port },
    ...javaProgram({
      options: "connect",
      cache: "connect",
      // Then images/connect/build has changed a jar, and the cache is of the one before.
      changed: args.plugins,
      heapMb: 448 + (memoryMb - USUAL_MB) + beyondDefault(args.maxRecordMb, 12),
      // An event is some 15 kB of objects that live until the broker has it: the fewer collections, the fewer copies.
      youngMb: { first: 24, most: 300 },
      logLevel: args.logLevel,
      main: "cdc.StackWorker",
      prepare: args.prepare,
      properties: propertiesOf(role, args, security.properties),
    }),
    uploads: [
      ...(args.secretFiles ?? []),
      ...Object.entries(security.files).map(([file, content]) => ({
        file: `${SECRETS_FOLDER}/${file}`,
        content: pulumi.secret(content),
      })),
    ],
    ...(args.findsHost && { hosts: [{ host: HOST_GATEWAY, ip: "host-gateway" }] }),
    // 200 only when the worker has joined its group.
    healthy: answersHttp(REST_PORT, "/health"),
    // Time to leave its group: one that did not blocks the next for a session.
    destroyGraceSeconds: 3,
  });
}

/** @param security what a client says to a Kafka that somebody else runs */
function propertiesOf(
  role: string,
  { internalServers, prefix, token, member, existing, maxRecordMb, exactlyOnce, plugins }: ConnectArgs,
  security: Record<string, string>,
): pulumi.Output<string> {
  const text = pulumi.all([internalServers, prefix, token]).apply(([bootstrapServers, first, word]) =>
    workerProperties({
      ...{ bootstrapServers, maxRecordMb, exactlyOnce, plugins },
      guard: { hosts: hostsOf(first, member?.workers), token: word },
      ...(member && { role, copies: member.copies }),
      shared: existing && { ...existing, properties: security },
    }),
  );
  // A hash of a random word helps nobody, and a preview shows the rest.
  return pulumi.unsecret(text);
}

/** One worker passes on to another what is not for itself: then a request names that one. */
function hostsOf(prefix: string, workers = 1): string[] {
  const roles = indexes(workers).map((index) => memberRole("connect", index));
  return [...HOSTS, ...roles.slice(1), ...roles.map((role) => `${prefix}-${role}`)];
}

/** What one of several workers, or one with several brokers, has to know. */
export interface WorkerMember {
  /** From 1 on. */
  index: number;
  workers: number;
  /** Copies of the workers' topics. */
  copies: number;
  /** Those topics, where they are resources. */
  topics?: pulumi.Resource[];
}

/** What a worker has to know of a Kafka that is not its stack's alone. */
export interface SharedKafka {
  security: KafkaSecurity;
  /** First part of the names of its group and topics, which it shares with no other worker. */
  name: string;
  /** Copies of its topics. */
  replicationFactor: number;
  /** Its topics, where they are resources. */
  topics?: pulumi.Resource[];
}
