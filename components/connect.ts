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
  /** Memory limit in MiB, without the memory for larger records. @default 1024 */
  memoryMb?: number;
  /** Port of the REST API on 127.0.0.1. */
  port: number;
  /** The brokers' containers, if they are the stack's. They stop after the worker, which needs them to leave its group. */
  brokers?: pulumi.Resource[];
  /** Whether its source connectors write in transactions, with the name of the connector whose only task no other worker may run. @default none does */
  exactlyOnce?: { connectorName?: string };
  /** Kafka's address on the stack's network. */
  internalServers: pulumi.Input<string>;
  /** The token that its REST API requires with a config. Only a hash of it reaches the container. */
  token: pulumi.Input<string>;
  /** A Kafka that somebody else runs, and that the worker shares with others. @default the stack's own */
  existing?: SharedKafka;
  /** Secrets by the names of the files by which connectors refer to them. Each is uploaded into `/kafka/secrets`. @default none */
  secretFiles?: { file: string; content?: pulumi.Input<string>; contentBase64?: pulumi.Input<string> }[];
  /** Shell commands that run in its container before it. @default none */
  prepare?: string;
  /** Whether its image has plugins that somebody else made. @default false */
  plugins?: boolean;
  /** Whether its container can reach this machine as `host.docker.internal`. @default false */
  findsHost?: boolean;
  /** Which one of several workers it is, and the topics in which all keep their state. @default the only one */
  member?: WorkerMember;
  /** Labels of its container beside those that all containers have. @default none */
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
      imageIds: _ids,
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

/** The usual memory limit: what was measured, and a little more. */
const USUAL_MB = 1024;
/** Hosts in requests from this machine, from containers of the stack, and from other containers by way of this machine. */
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
      // For further plugins, images/connect/build changes a jar, and the cache was made with the jar before.
      changed: args.plugins,
      heapMb: 448 + (memoryMb - USUAL_MB) + beyondDefault(args.maxRecordMb, 12),
      // An event is some 15 kB of objects that live until the broker has it. With fewer collections, fewer of them are copied.
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
    // This path is answered with 200 only after the worker has joined its group.
    healthy: answersHttp(REST_PORT, "/health"),
    // The worker gets time to leave its group. Otherwise, the next one would have to wait until its session ends.
    destroyGraceSeconds: 3,
  });
}

/** @param security the properties of clients of an existing Kafka */
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
  // The hash of a random token helps nobody. Not being secret, it lets a preview show the other properties.
  return pulumi.unsecret(text);
}

/** Other workers' names: a worker passes requests on to another one, and such a request names that one as its host. */
function hostsOf(prefix: string, workers = 1): string[] {
  const roles = indexes(workers).map((index) => memberRole("connect", index));
  return [...HOSTS, ...roles.slice(1), ...roles.map((role) => `${prefix}-${role}`)];
}

/** What one of several workers, or a worker with several brokers, needs to know. */
export interface WorkerMember {
  /** From 1 on. */
  index: number;
  workers: number;
  /** Copies of the workers' topics. */
  copies: number;
  /** Those topics, where they are resources. */
  topics?: pulumi.Resource[];
}

/** What a worker needs to know about a Kafka that others use too. */
export interface SharedKafka {
  security: KafkaSecurity;
  /** First part of the names of its group and topics, by which they differ from those of other workers. */
  name: string;
  /** Copies of its topics. */
  replicationFactor: number;
  /** Its topics, where they are resources. */
  topics?: pulumi.Resource[];
}
