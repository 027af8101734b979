/** The properties of a Kafka Connect worker, and why each differs from Kafka's default. Pure. */
import { SECRETS_FOLDER, secretsWorkerProperties } from "../connector";
import { CONNECTION_SETUP, connectorsConnectionSetup } from "../cluster/brokers/connection-setup";
import { properties } from "../container/properties";
import { type RestGuardArgs, restGuardProperties } from "../container/rest-guard";
import { recordBytes } from "../connector/config/record-size";
import { offsetsConfig, workerNames } from "../existing/kafka/group-names";
import { overridesWorkerProperties } from "../settings/client-overrides";

export const REST_PORT = 8083;

export interface WorkerArgs {
  /** Addresses of Kafka, as the worker reaches it. */
  bootstrapServers: string;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  /** Set when its source connectors write in transactions, with the name of the connector whose only task no other worker may run. */
  exactlyOnce?: { connectorName?: string };
  /** Whether its image has plugins that somebody else made. */
  plugins?: boolean;
  guard: RestGuardArgs;
  /** Its name on the stack's network, by which other workers reach it. @default "connect", for a single worker */
  role?: string;
  /** Copies of its topics in the stack's own Kafka. @default 1 */
  copies?: number;
  /** A Kafka that others use, too, with the properties of its clients. @default the stack's own */
  shared?: { name: string; replicationFactor: number; properties: Record<string, string> };
}

const TAKING_OVER = {
  // The group notices a killed worker after this time: 6 s, the least that a broker allows, instead of 10.
  "session.timeout.ms": 6000,
  "heartbeat.interval.ms": 1500,
  // A task that starts asks where the topic of offsets ends. Kafka's admin client sends this question to the broker that led the partition when it
  // asked last. If that broker has left the cluster, nobody is asked until this time is over (60 s by default; KAFKA-20673, Kafka 3.9.2). But a
  // worker ends when its first questions get no answer in this time, and brokers that were all killed need some 14 s.
  "default.api.timeout.ms": 20_000,
  // It may not be longer than default.api.timeout.ms.
  "request.timeout.ms": 10_000,
};

/** Pure. */
export function workerProperties(args: WorkerArgs): string {
  const { bootstrapServers, maxRecordMb, exactlyOnce, plugins = false, guard, role, shared } = args;
  const { group, config, offset, status } = workerNames(shared?.name);
  const copies = shared?.replicationFactor ?? args.copies ?? 1;
  // Used when the worker makes the topic itself.
  const offsetsOfItsOwn = Object.fromEntries(
    Object.entries(offsetsConfig(true)).map(([key, value]) => [`offset.storage.${key}`, value]),
  );
  return properties("Kafka Connect worker", {
    "bootstrap.servers": bootstrapServers,
    "group.id": group,
    listeners: `http://0.0.0.0:${REST_PORT}`,
    "rest.advertised.host.name": role ?? "connect",
    ...(role !== undefined && TAKING_OVER),
    // The worker starts together with the broker, so it tries again soon.
    "reconnect.backoff.max.ms": 100,
    // A connection to another network may take longer.
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
    // Every plugin of this project has a service file, and not every other plugin has. To look into every class takes seconds.
    "plugin.discovery": plugins ? "hybrid_warn" : "service_load",
    ...overridesWorkerProperties(),
    ...restGuardProperties(guard),
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "key.converter.schemas.enable": false,
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter.schemas.enable": false,

    // The time whose changes are sent again after the worker was killed.
    "offset.flush.interval.ms": 1000,
    ...(exactlyOnce && { "exactly.once.source.support": "enabled", ...offsetsOfItsOwn }),
    // Ids of the transactions of the worker and of its task: org.apache.kafka.connect.runtime.Worker.
    ...(exactlyOnce?.connectorName && {
      "cdc.fenced.transactions": `connect-cluster-${group},${group}-${exactlyOnce.connectorName}-0`,
    }),
    // Also without exactly once: topics of a worker that wrote in transactions hold aborted records, for example an offset whose changes were not
    // written.
    "isolation.level": "read_committed",
    // A group of one worker need not wait five minutes for another one to come back.
    "scheduled.rebalance.max.delay.ms": 0,
    "producer.max.request.size": recordBytes(maxRecordMb),
    ...secretsWorkerProperties(SECRETS_FOLDER),
    ...shared?.properties,
  });
}
