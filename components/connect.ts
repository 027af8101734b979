import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { SECRETS_FOLDER, secretRef, secretsWorkerProperties } from "./connector";
import { overridesWorkerProperties } from "./settings/client-overrides";
import { containerArgs, type StackArgs } from "./container/container";
import { HOST_GATEWAY } from "./database/database-setting";
import { CONNECTION_SETUP, connectorsConnectionSetup } from "./cluster/connection-setup";
import { indexes, memberRole } from "./cluster/members";
import { membersLabel } from "./container/labels";
import type { KafkaSecurity } from "./existing/kafka-access";
import { offsetsConfig, workerNames } from "./existing/group-names";
import { workerSecurity } from "./existing/worker-security";
import { answersHttp } from "./container/healthy";
import { javaProgram } from "./container/java";
import type { LogLevel } from "./settings/log-level";
import { properties } from "./container/properties";
import { beyondDefault, recordBytes } from "./connector/record-size";
import { type RestGuardArgs, restGuardProperties } from "./container/rest-guard";

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
      token,
      brokers = [],
      existing,
      member,
      labels = {},
      memoryMb = USUAL_MB,
      findsHost,
      prepare,
      ...own
    } = args;
    super("cdc:index:Connect", name, own, opts);
    const role = memberRole("connect", member?.index ?? 1);
    const security = workerSecurity(existing?.security ?? {}, SECRETS_FOLDER, secretRef);
    this.container = new docker.Container(
      `${name}-container`,
      containerArgs({
        stack: args,
        role,
        image: args.image,
        labels: { ...labels, ...membersLabel(member?.workers) },
        memoryMb: memoryMb + beyondDefault(args.maxRecordMb, 12),
        publish: { [REST_PORT]: args.port },
        ...javaProgram({
          options: "connect",
          cache: "connect",
          // images/connect/build changes one.
          changed: args.plugins,
          heapMb: 448 + (memoryMb - USUAL_MB) + beyondDefault(args.maxRecordMb, 12),
          // An event is some 15 kB of objects that live until the broker has it: the fewer collections, the fewer copies.
          youngMb: 300,
          logLevel: args.logLevel,
          main: args.exactlyOnce?.connectorName
            ? "cdc.FencingWorker"
            : "org.apache.kafka.connect.cli.ConnectDistributed",
          prepare,
          // A hash of a random word helps nobody, and a preview shows the rest.
          properties: pulumi.unsecret(
            pulumi.all([args.internalServers, args.prefix, token]).apply(([bootstrapServers, prefix, word]) =>
              workerProperties({
                ...{
                  bootstrapServers,
                  maxRecordMb: args.maxRecordMb,
                  exactlyOnce: args.exactlyOnce,
                  plugins: args.plugins,
                },
                guard: { hosts: hostsOf(prefix, member?.workers), token: word },
                ...(member && { role, copies: member.copies }),
                shared: existing && { ...existing, properties: security.properties },
              }),
            ),
          ),
        }),
        uploads: [
          ...(args.secretFiles ?? []),
          ...Object.entries(security.files).map(([file, content]) => ({
            file: `${SECRETS_FOLDER}/${file}`,
            content: pulumi.secret(content),
          })),
        ],
        ...(findsHost && { hosts: [{ host: HOST_GATEWAY, ip: "host-gateway" }] }),
        // 200 only when the worker has joined its group.
        healthy: answersHttp(REST_PORT, "/health"),
        // Time to leave its group: one that did not blocks the next for a session.
        destroyGraceSeconds: 3,
      }),
      { parent: this, dependsOn: [...brokers, ...(existing?.topics ?? member?.topics ?? [])] },
    );
    this.url = pulumi.output(`http://127.0.0.1:${args.port}`);
    this.internalUrl = pulumi.output(`http://${role}:${REST_PORT}`);
    this.registerOutputs({ url: this.url, internalUrl: this.internalUrl });
  }
}

/** What was measured, and a little more. */
const USUAL_MB = 1024;
const REST_PORT = 8083;
/** From this machine, from containers of the stack, and from other containers by way of this machine. */
const HOSTS = ["127.0.0.1", "localhost", "[::1]", "connect", "host.docker.internal"];

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

export interface WorkerArgs {
  /** Kafka as the worker reaches it. */
  bootstrapServers: string;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  exactlyOnce?: ConnectArgs["exactlyOnce"];
  plugins?: ConnectArgs["plugins"];
  guard: RestGuardArgs;
  /** Its name on the stack's network: how other workers reach it. @default "connect", the only one */
  role?: string;
  /** Copies of its topics in the stack's own Kafka. @default 1 */
  copies?: number;
  /** A Kafka that others use too, and what its clients say there. @default the stack's own */
  shared?: Pick<SharedKafka, "name" | "replicationFactor"> & { properties: Record<string, string> };
}

const TAKING_OVER = {
  // A worker that was killed is missed after its session: 6 s, the least that a broker allows, instead of 10.
  "session.timeout.ms": 6000,
  "heartbeat.interval.ms": 1500,
  // A task that starts asks where the stored offsets end. Kafka's admin client puts that question to the broker that led when it asked
  // last, and where that one has left the cluster nobody is asked until this time is over (60 s by default; KAFKA-20673, Kafka 3.9.2).
  // A worker ends that gets no answer to its first questions in it, and brokers that were all killed need some 14 s.
  "default.api.timeout.ms": 20_000,
  // It may not be longer.
  "request.timeout.ms": 10_000,
};

/** Pure. */
export function workerProperties(args: WorkerArgs): string {
  const { bootstrapServers, maxRecordMb, exactlyOnce, plugins = false, guard, role, shared } = args;
  const { group, config, offset, status } = workerNames(shared?.name);
  const copies = shared?.replicationFactor ?? args.copies ?? 1;
  // Where the worker makes the topic by itself.
  const offsetsOfItsOwn = Object.fromEntries(
    Object.entries(offsetsConfig(true)).map(([key, value]) => [`offset.storage.${key}`, value]),
  );
  return properties("Kafka Connect worker", {
    "bootstrap.servers": bootstrapServers,
    "group.id": group,
    listeners: `http://0.0.0.0:${REST_PORT}`,
    "rest.advertised.host.name": role ?? "connect",
    ...(role !== undefined && TAKING_OVER),
    // It starts with the broker, and asks again soon.
    "reconnect.backoff.max.ms": 100,
    // To another network a connection may take longer.
    ...(!shared && { ...CONNECTION_SETUP, ...connectorsConnectionSetup() }),

    "config.storage.topic": config,
    "offset.storage.topic": offset,
    "status.storage.topic": status,
    "config.storage.replication.factor": copies,
    "offset.storage.replication.factor": copies,
    "offset.storage.partitions": 1,
    "status.storage.replication.factor": copies,
    "status.storage.partitions": 1,
    "topic.creation.enable": true,

    "plugin.path": "/kafka/connect",
    // Every plugin of ours declares itself, and not every other one does; looking into every class takes seconds.
    "plugin.discovery": plugins ? "hybrid_warn" : "service_load",
    ...overridesWorkerProperties(),
    ...restGuardProperties(guard),
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "key.converter.schemas.enable": false,
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter.schemas.enable": false,

    // How much is sent again after the worker was killed.
    "offset.flush.interval.ms": 1000,
    ...(exactlyOnce && { "exactly.once.source.support": "enabled", ...offsetsOfItsOwn }),
    // Ids of the worker's own transactions, and of the task's: org.apache.kafka.connect.runtime.Worker.
    ...(exactlyOnce?.connectorName && {
      "cdc.fenced.transactions": `connect-cluster-${group},${group}-${exactlyOnce.connectorName}-0`,
    }),
    // Also without: the topics of a worker that wrote in transactions hold what was aborted, an offset say that nothing was written up to.
    "isolation.level": "read_committed",
    // One worker need not wait five minutes for another to come back.
    "scheduled.rebalance.max.delay.ms": 0,
    "producer.max.request.size": recordBytes(maxRecordMb),
    ...secretsWorkerProperties(SECRETS_FOLDER),
    ...shared?.properties,
  });
}
