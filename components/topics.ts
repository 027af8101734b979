import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { after } from "./bare";
import { cleanupConfig, type CleanupPolicy } from "./cleanup-policy";
import { poll } from "./poll";
import { isListening } from "./port-holder";
import { USUAL_RETENTION_MS } from "./retention";
import { nameOf, patternOf } from "./table-names";
import { topicOf } from "./topic-names";

export interface TopicsArgs {
  /** The broker as seen from this machine: `127.0.0.1:29092`. */
  bootstrapServers: string;
  /** First part of each topic's name. */
  prefix: string;
  /** Captured tables as declared: `schema.table`, or `schema.*`, whose topics are made once `captured` names them. */
  tables: string[];
  /** The tables that `tables` stands for, without quotes. */
  captured: pulumi.Input<string[]>;
  /** Topics beside those of the tables. @default none */
  others?: string[];
  /** Topics that the broker has and the stack does not know: taken over. @default none */
  existing?: ReadonlySet<string>;
  /** How long the tables' topics keep records, in milliseconds; -1 for ever. @default 7 days */
  retentionMs?: number;
  /** What Kafka does with the tables' older records. @default "delete" */
  cleanupPolicy?: CleanupPolicy;
  /** Whether a topic that is no longer declared stays in Kafka. */
  keeps: boolean;
  /** Topics beside those of the tables whose records the broker never deletes for their age. @default none */
  kept?: string[];
  /** The broker's container, waited for. */
  broker: pulumi.Resource;
  /** The volume that the topics live in: they need no deleting when it goes. */
  data: pulumi.Resource;
  /** The engine does nothing else while it starts the provider's plugin: it does so once this is there. */
  pluginAfter: pulumi.Resource;
}

/** A topic for each captured table, made once the broker answers and before anything writes to it. */
export class Topics extends pulumi.ComponentResource {
  /** Topics of the captured tables; known at once unless `tables` has a `schema.*`. */
  readonly names: pulumi.Output<string[]>;
  /**
   * The captured tables, once the broker has a topic for each: what writes to the topics takes them from here. The
   * provider looks at a new topic only after a second, which a writer need not wait for.
   */
  readonly tables: pulumi.Output<string[]>;

  constructor(name: string, args: TopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    // Without resources: named tables' topics neither wait for the capture nor have to go with it. What is there is no input.
    const { captured, broker, data, pluginAfter, existing, ...own } = args;
    super("cdc:index:Topics", name, own, opts);
    const provider = new kafka.Provider(
      `${name}-provider`,
      { bootstrapServers: [args.bootstrapServers], tlsEnabled: false },
      { parent: this, dependsOn: after(pluginAfter) },
    );
    const ready = brokerAnswers(broker, args.bootstrapServers);
    const topic = (
      topicName: string,
      config: Record<string, string> = TOPIC_CONFIG,
      further: pulumi.CustomResourceOptions = {},
    ): kafka.Topic =>
      new kafka.Topic(
        topicName,
        { name: topicName, partitions: 1, replicationFactor: 1, config },
        {
          parent: this,
          provider,
          dependsOn: ready,
          deletedWith: data,
          retainOnDelete: args.keeps,
          ...(existing?.has(topicName) && takenOver(topicName)),
          ...further,
        },
      );
    const topicsOf = (tables: readonly string[]): string[] => tables.map((table) => topicOf(args.prefix, table));

    const patterns = args.tables.map(patternOf);
    const declared = topicsOf(patterns.filter(({ table }) => table !== undefined).map(nameOf));
    const ofTable = cleanupConfig(args.cleanupPolicy ?? "delete", args.retentionMs ?? USUAL_RETENTION_MS);
    for (const each of declared) topic(each, ofTable);
    for (const each of args.others ?? []) topic(each, TOPIC_CONFIG, AS_IT_IS);
    for (const each of args.kept ?? []) topic(each, KEPT_CONFIG);
    if (declared.length === patterns.length) {
      this.names = pulumi.output(declared);
    } else {
      // A whole schema's tables are known only by asking the database, so their topics are made in an apply.
      this.names = pulumi.output(captured).apply((tables) => {
        const names = topicsOf(tables);
        for (const each of names) if (!declared.includes(each)) topic(each, ofTable);
        return [...new Set([...declared, ...names])];
      });
    }
    this.tables = pulumi.output(captured).apply(async (tables) => {
      if (!pulumi.runtime.isDryRun()) await waitForTopics(args.bootstrapServers, topicsOf(tables));
      return tables;
    });
    // What a delete does is what was said here: the next run reads it from the state.
    this.registerOutputs({ names: this.names, keeps: args.keeps });
  }
}

/** Of an import the engine asks that it finds what is declared, so that what differs is left to the next `up`. */
function takenOver(topic: string): pulumi.CustomResourceOptions {
  return { import: topic, ignoreChanges: ["config", "partitions", "replicationFactor"] };
}

/** The topics that a broker has now; none where nothing answers within a second. */
export async function presentTopics(server: string): Promise<string[]> {
  if (!(await isListening(Number(server.split(":").at(-1))))) return [];
  return listTopics(server, 1000).catch(() => []);
}

const TOPIC_CONFIG = { "cleanup.policy": "delete" };
/** Debezium may have made such a topic before it was declared, with settings of its own. */
const AS_IT_IS = { ignoreChanges: ["config", "partitions", "replicationFactor"] };
const KEPT_CONFIG = { ...TOPIC_CONFIG, "retention.ms": "-1" };

/**
 * The broker's container, once the broker in it answers. Something to depend on, not a value: were it a value, a
 * replaced container would replace the topics.
 */
function brokerAnswers(broker: pulumi.Resource, server: string): pulumi.Output<pulumi.Resource> {
  return pulumi.output(broker.urn).apply(async () => {
    if (!pulumi.runtime.isDryRun()) await waitForTopics(server, []);
    return broker;
  });
}

/** Waits until the broker answers and has these topics. @throws after 120 s, saying what was last seen */
export async function waitForTopics(server: string, names: string[], deadlineMs = 120_000): Promise<void> {
  await poll(
    async () => {
      try {
        const found = await listTopics(server, 2000);
        const missing = names.filter((name) => !found.includes(name));
        return missing.length === 0
          ? { done: true, value: undefined }
          : { done: false, seen: `no topic ${missing.join(", ")}` };
      } catch (error) {
        return { done: false, seen: (error as Error).message };
      }
    },
    {
      what: `the Kafka broker at ${server} (cdc:kafkaPort)`,
      deadlineMs,
      intervalMs: 50,
      remedy: "Look at the broker's container: docker ps, docker logs.",
    },
  );
}

/** @param deadlineMs for the connection, and for the answer */
async function listTopics(server: string, deadlineMs: number): Promise<string[]> {
  // Only now, when the containers start: nothing waits for this module to be loaded.
  const { Kafka: Client, logLevel } = await import("kafkajs");
  const client = new Client({
    ...{ clientId: "cdc-program", brokers: [server], logLevel: logLevel.NOTHING },
    ...{ connectionTimeout: deadlineMs, requestTimeout: deadlineMs, retry: { retries: 0 } },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}
