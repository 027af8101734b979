import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { after } from "./container/bare";
import type { CleanupPolicy } from "./settings/cleanup-policy";
import { waitForBrokerTopics } from "./cluster/brokers/broker-topics";
import { connectPlugin } from "./cluster/brokers/first-request";
import type { Durability } from "./cluster/durability";
import { raiseCopies } from "./cluster/brokers/raise-copies";
import type { StateTopic } from "./existing/kafka/group-names";
import type { KafkaAddress, KafkaSecurity } from "./existing/kafka/kafka-access";
import { sentenceOnly } from "./sentence-only";
import { chosenTables } from "./names/chosen-tables";
import { nameOf } from "./names/table-names";
import { topicOf } from "./names/topic-names";
import { besideConfig, keptConfig, stateConfig, tableConfig, type TopicConfigArgs } from "./topic-config";

export interface TopicsArgs {
  /** Kafka as seen from this machine: `127.0.0.1:29092`. */
  bootstrapServers: string;
  /** A Kafka that somebody else runs. @default the stack's own */
  cluster?: SharedCluster;
  /** Copies of each topic. @default 1 */
  copies?: number;
  /** How many copies must have a record before it counts as written, for topics without a value of their own. @default 1 */
  minInsync?: number;
  /** Number of brokers that have to run before a topic is made. @default 1 */
  brokers?: number;
  /** First part of each topic's name. */
  prefix: string;
  /** Captured tables as declared: `schema.table`, or `schema.*`, whose topics are made once `captured` names them. */
  tables: string[];
  /** The tables that `tables` names, without quotes. */
  captured: pulumi.Input<string[]>;
  /** Topics beside those of the tables. @default none */
  others?: string[];
  /**
   * Topics that the broker has and the stack does not know. The stack's own are taken over; those in a Kafka that somebody else runs
   * are used as they are, neither changed nor deleted. @default none
   */
  existing?: ReadonlySet<string>;
  /** Topics that stay declared, also where `captured` has their tables no longer: nobody was asked whether they may go. @default none */
  staying?: readonly string[];
  /** Partitions of each table's topic. @default 1 */
  partitions?: number;
  /** How many copies must have a record before it counts as written. @default as the broker has it */
  minInsyncReplicas?: number;
  /** Topics by name in which a program keeps its state. Kafka keeps the last record of each key for ever. @default none */
  compacted?: Record<string, StateTopic>;
  /** How long the tables' topics keep records, in milliseconds; -1 for ever. @default 7 days */
  retentionMs?: number;
  /** What Kafka does with the tables' older records. @default "delete" */
  cleanupPolicy?: CleanupPolicy;
  /** Whether a topic that is no longer declared stays in Kafka. */
  keeps: boolean;
  /** Topics beside those of the tables whose records the broker never deletes because of their age. @default none */
  kept?: string[];
  /** The brokers' containers, for which the topics wait. @default they run already */
  containers?: pulumi.Resource[];
  /** The volume with the topics, which need not be deleted when it is. @default none of the stack */
  data?: pulumi.Resource;
  /** The provider's plugin is started once this exists: the engine does nothing else meanwhile. */
  pluginAfter: pulumi.Resource;
}

/** A Kafka that somebody else runs, and that others use too. */
export interface SharedCluster {
  security: KafkaSecurity;
  /** The cluster's id. With another id it is another cluster, without these topics, and all of them are made again. */
  clusterId: string;
  /** Copies of each topic. */
  replicationFactor: number;
  /** The largest record in bytes, which is set for each topic. */
  maxRecordBytes: number;
}

/** A topic for each captured table, made once the broker answers and before anything writes to it. */
export class Topics extends pulumi.ComponentResource {
  /** Topics of the captured tables; known at once unless `tables` has a `schema.*`. */
  readonly names: pulumi.Output<string[]>;
  /**
   * The captured tables, once the broker has a topic for each. Resources that write to the topics take them from here. The
   * provider looks at a new topic only after a second, for which a writer need not wait.
   */
  readonly tables: pulumi.Output<string[]>;
  /** The topics of `compacted`, on which the programs depend that keep their state in them. */
  readonly compacted: kafka.Topic[];

  constructor(name: string, args: TopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    // Inputs without their resources: topics of named tables neither wait for the capture nor go with it. Existing topics are no input.
    const {
      containers,
      pluginAfter,
      cluster,
      captured: _captured,
      data: _data,
      existing: _existing,
      staying: _staying,
      brokers = 1,
      ...own
    } = args;
    super("cdc:index:Topics", name, own, opts);
    const provider = new kafka.Provider(
      // Another provider means that its topics are made again. The same provider with other addresses keeps them.
      cluster === undefined ? `${name}-provider` : `${name}-provider-${cluster.clusterId}`,
      providerArgs(args.bootstrapServers, cluster?.security),
      { parent: this, dependsOn: after(pluginAfter) },
    );
    const address = { servers: args.bootstrapServers, ...cluster?.security };
    const { copies = 1, minInsync = 1 } = args;
    const ready =
      containers === undefined
        ? pluginConnected(provider, address)
        : brokersAnswer(containers, provider, address, brokers, { copies, minInsync });
    const declare: Declare = (topic, config, options) =>
      declareTopic({ parent: this, provider, dependsOn: ready }, args, topic, config, options);

    this.names = declareTables(declare, args);
    for (const each of args.others ?? []) declare(each, besideConfig(configArgs(args)), AS_IT_IS);
    for (const each of args.kept ?? []) declare(each, keptConfig(configArgs(args)));
    this.compacted = Object.entries(args.compacted ?? {}).flatMap(([each, { partitions, config }]) =>
      declare(each, stateConfig(configArgs(args), config), { partitions }),
    );
    this.tables = pulumi.output(args.captured).apply(async (tables) => {
      if (!pulumi.runtime.isDryRun()) await waitForBrokerTopics(address, topicsOf(args, tables)).catch(sentenceOnly);
      return tables;
    });
    // What this says decides a later delete: the next run reads it from the state.
    this.registerOutputs({ names: this.names, keeps: args.keeps, ...othersIn(args) });
  }
}

type TopicOptions = pulumi.CustomResourceOptions & { partitions?: number };

/** @returns the topic; none for an existing topic that is somebody else's */
type Declare = (topic: string, config: Record<string, string>, options?: TopicOptions) => kafka.Topic[];

function declareTopic(
  common: pulumi.CustomResourceOptions,
  { cluster, existing, copies = 1, data, keeps }: TopicsArgs,
  topic: string,
  config: Record<string, string>,
  { partitions = 1, ...further }: TopicOptions = {},
): kafka.Topic[] {
  if (cluster !== undefined && existing?.has(topic)) return [];
  const made = new kafka.Topic(
    topic,
    { name: topic, partitions, replicationFactor: cluster?.replicationFactor ?? copies, config },
    {
      ...common,
      ...(data && { deletedWith: data }),
      retainOnDelete: keeps,
      ...(existing?.has(topic) && takenOver(topic)),
      ...further,
    },
  );
  return [made];
}

/** The topics of the captured tables. @returns their names */
function declareTables(declare: Declare, args: TopicsArgs): pulumi.Output<string[]> {
  const { partitions = 1 } = args;
  const config = tableConfig(configArgs(args));
  const { patterns } = chosenTables(args.tables);
  const named = topicsOf(args, patterns.filter(({ table }) => table !== undefined).map(nameOf));
  for (const each of named) declare(each, config, { partitions });
  if (named.length === patterns.length) return pulumi.output(named);
  // A whole schema's tables are known only by asking the database, so their topics are made in an apply.
  return pulumi.output(args.captured).apply((tables) => {
    const all = topicsOf(args, tables);
    const declared = new Set([...all, ...(args.staying ?? [])]);
    for (const each of declared) if (!named.includes(each)) declare(each, config, { partitions });
    return [...new Set([...named, ...all])];
  });
}

/** Topics of somebody else's that the stack uses. After an `up` that fails on the way to another Kafka, nothing else tells them from its own there. */
function othersIn({ cluster, existing = new Set(), prefix, others = [], kept = [], compacted = {} }: TopicsArgs) {
  if (cluster === undefined) return {};
  const used = [...others, ...kept, ...Object.keys(compacted)];
  const theirs = [...existing].filter((name) => name.startsWith(`${prefix}.`) || used.includes(name));
  return { clusterId: cluster.clusterId, others: theirs.sort() };
}

function topicsOf({ prefix }: TopicsArgs, tables: readonly string[]): string[] {
  return tables.map((table) => topicOf(prefix, table));
}

function configArgs(args: TopicsArgs): TopicConfigArgs {
  return { ...args, maxRecordBytes: args.cluster?.maxRecordBytes };
}

/** Mechanisms in the provider's own spelling. */
function providerArgs(servers: string, { tls, sasl }: KafkaSecurity = {}): kafka.ProviderArgs {
  return {
    bootstrapServers: servers.split(","),
    tlsEnabled: tls !== undefined,
    ...(tls?.ca && { caCert: tls.ca }),
    ...(tls?.cert && { clientCert: tls.cert, clientKey: pulumi.secret(tls.key!) }),
    ...(sasl && {
      saslMechanism: sasl.mechanism.replace("scram-sha-", "scram-sha"),
      saslUsername: sasl.username,
      saslPassword: pulumi.secret(sasl.password),
    }),
  };
}

/** At an import, the engine requires that the topic is as declared. So differences are ignored, and left to the next `up`. */
function takenOver(topic: string): pulumi.CustomResourceOptions {
  return { import: topic, ignoreChanges: ["config", "partitions", "replicationFactor"] };
}

/** Debezium may have made such a topic before it was declared, with settings of its own. */
const AS_IT_IS = { ignoreChanges: ["config", "partitions", "replicationFactor"] };

/**
 * The brokers' containers, once their brokers answer and the topics have their copies. Topics depend on them, and do not take a value from them: with
 * a value, a replaced container would replace the topics.
 */
function brokersAnswer(
  containers: readonly pulumi.Resource[],
  provider: kafka.Provider,
  address: KafkaAddress,
  brokers: number,
  durability: Durability,
): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all(containers.map(({ urn }) => urn)).apply(async () => {
    if (pulumi.runtime.isDryRun()) return [...containers];
    const present = await waitForBrokerTopics(address, [], { brokers }).catch(sentenceOnly);
    if (brokers > 1) await raiseCopies(address, durability).catch(sentenceOnly);
    await connectPlugin(provider, address, present);
    return [...containers];
  });
}

/** Resolves once the plugin has sent its first request to an existing Kafka. When that does not answer, the first topic reports it. */
function pluginConnected(provider: kafka.Provider, address: KafkaAddress): pulumi.Output<pulumi.Resource[]> {
  return provider.urn.apply(async () => {
    if (pulumi.runtime.isDryRun()) return [];
    const present = await waitForBrokerTopics(address, [], { deadlineMs: 5_000 }).catch(() => undefined);
    if (present !== undefined) await connectPlugin(provider, address, present);
    return [];
  });
}
