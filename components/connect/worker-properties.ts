/** The properties of a Kafka Connect worker, each with why it is not Kafka's own default. Pure. */
import { SECRETS_FOLDER, secretsWorkerProperties } from "../connector";
import { CONNECTION_SETUP, connectorsConnectionSetup } from "../cluster/brokers/connection-setup";
import { properties } from "../container/properties";
import { type RestGuardArgs, restGuardProperties } from "../container/rest-guard";
import { recordBytes } from "../connector/config/record-size";
import { offsetsConfig, workerNames } from "../existing/kafka/group-names";
import { overridesWorkerProperties } from "../settings/client-overrides";

export const REST_PORT = 8083;

export interface WorkerArgs {
  /** Kafka as the worker reaches it. */
  bootstrapServers: string;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  /** Its source connectors write in transactions; with the one whose only task no other worker may run. */
  exactlyOnce?: { connectorName?: string };
  /** Whether its image has plugins that somebody else made. */
  plugins?: boolean;
  guard: RestGuardArgs;
  /** Its name on the stack's network: how other workers reach it. @default "connect", the only one */
  role?: string;
  /** Copies of its topics in the stack's own Kafka. @default 1 */
  copies?: number;
  /** A Kafka that others use too, and what its clients say there. @default the stack's own */
  shared?: { name: string; replicationFactor: number; properties: Record<string, string> };
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
