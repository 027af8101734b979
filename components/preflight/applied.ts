import * as pulumi from "@pulumi/pulumi";
import type { SourceDatabase } from "../connector";
import type { ConnectorOutputs } from "../connector/connector-types";
import { kafkaOf } from "../connector/rest/access";
import type { CaptureOutputs } from "../capture/capture-types";
import { isCompacted, keptMs } from "../settings/cleanup-policy";
import type { StoredCredentials } from "../credentials";
import { OWN_KAFKA } from "../existing/kafka/group-names";
import type { KafkaAddress } from "../existing/kafka/kafka-access";
import { CLUSTER_LABEL, COORDINATION_LABEL } from "../container/labels";
import type { Coordination } from "../settings/coordination";
import { foreignText } from "./foreign-state";
import { isInstalled } from "../../program/package-root";
import { isOfPipeline, isOfStack } from "./is-new";
import { pipelineOfUrn } from "../pipeline/pipeline-type";
import { USUAL_RETENTION_MS } from "../settings/retention";

/** What the last `up` made, as far as a change of settings can lose some of its data. */
export interface AppliedStack {
  /** The broker as seen from this machine; undefined before the first `up`. */
  bootstrapServers?: KafkaAddress;
  /** How many brokers of its own the stack was declared with; 0: none, or none yet. */
  brokers: number;
  /** Ids of its containers, by name. */
  containers: ReadonlyMap<string, string>;
  /** Its pipelines, by type with the parents' types, and name. @default none */
  pipelines?: readonly string[];
  /** Names of its Docker networks. */
  networks: string[];
  /** Names of its Docker volumes. */
  volumes: string[];
  /** By the name of a broker's volume, with which coordination and cluster id it was written. */
  brokerVolumes: ReadonlyMap<string, BrokerVolume>;
  topics: AppliedTopic[];
  /** Ids of the Kafka clusters with its topics; `OWN_KAFKA`: the stack's own. After an `up` that failed there may be two. @default none */
  kafkaClusters?: readonly string[];
  /** Addresses by which the stack came to Kafkas of somebody else's. @default none */
  kafkaServers?: readonly string[];
  /** Topics of somebody else's that the stack uses, and the id of the Kafka with them. @default none */
  othersTopics?: { clusterId: string; names: readonly string[] };
  /** Whether a topic that is no longer declared stays in Kafka. The setting counts as it was when the topic was declared. */
  keepsTopics: boolean;
  connector?: AppliedConnector;
  capture?: AppliedCapture;
  /** By pipeline; none before the first `up`, and for a stack of 0.1.0. */
  credentials: StoredCredentials[];
}

export interface BrokerVolume {
  coordination: Coordination;
  /** Without ZooKeeper, of several brokers: the id that it was formatted with. */
  clusterId?: string;
}

export interface AppliedTopic {
  name: string;
  /** How long Kafka keeps its records, in milliseconds; -1 for ever. */
  retentionMs: number;
  /** Whether Kafka keeps only the newest record of each key. */
  compacted: boolean;
  partitions: number;
  /** Of each partition. @default 1 */
  copies?: number;
}

export interface AppliedConnector {
  connectorName: string;
  topicPrefix: string;
  slotName: string;
  /** The connector's own way into the database. */
  database?: SourceDatabase;
  /** The Kafka that it writes to, as this machine reaches it. */
  kafka?: KafkaAddress;
  /** That Kafka's id; `OWN_KAFKA`: the stack's own. */
  kafkaCluster?: string;
  /** All that was applied, with the address of its Kafka Connect. */
  applied?: ConnectorOutputs;
}

export interface AppliedCapture {
  /** The role, the publication and the signal table's schema. */
  captureName: string;
  /** Captured tables as `schema.table`, without quotes. */
  captured: string[];
  /** All that was applied, with the address and the administrator of its database. */
  applied?: CaptureOutputs;
}

/** What the engine says of the stack's state, by URN. */
export type StateOutputs = Record<string, { type: string; outputs: Record<string, unknown> }>;

/**
 * Asks Pulumi's engine what the stack's state holds, whatever backend keeps it. It takes some milliseconds. It is the state from before
 * this run, since nothing of the stack is declared yet.
 *
 * @throws pulumi.RunError where the state is another stack's
 */
export async function lastApplied(): Promise<AppliedStack> {
  const state = await lastState();
  const foreign = foreignText(pulumi.getStack(), Object.keys(state));
  if (foreign !== undefined) throw new pulumi.RunError(foreign);
  return parseApplied(state, isInstalled());
}

/** Whether no run before this one has made anything of the stack, whatever backend keeps its state. */
export async function isNewStack(): Promise<boolean> {
  const state = Object.entries(await lastState());
  return !state.some(([urn, { type }]) => (isInstalled() ? isOfPipeline({ urn }) : isOfStack({ type })));
}

async function lastState(): Promise<StateOutputs> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    outputs?: StateOutputs;
  };
  return answer.outputs ?? {};
}

/**
 * Pure. A program may have connectors and captures of its own beside a pipeline; in a stack of 0.1.0 its parts stood by themselves.
 *
 * @param others whether it is somebody else's program, which has what is in no pipeline
 */
export function parseApplied(state: StateOutputs, others = false): AppliedStack {
  const parts = Object.entries(state).filter(([urn]) => urn.includes("cdc:index:Pipeline$"));
  const resources = parts.length > 0 || others ? parts.map(([, resource]) => resource) : Object.values(state);
  const of = (type: string) => resources.filter((each) => each.type === type).map(({ outputs }) => outputs);
  const connector = of("pulumi-nodejs:dynamic/debezium:Connector")[0];
  const capture = of("pulumi-nodejs:dynamic/postgres:Capture")[0];
  const topics = of("cdc:index:Topics")[0];
  const kafkaClusters = Object.keys(state).flatMap(clusterOf);
  const kafkaServers = [...new Set(Object.entries(state).flatMap(serversOf))];
  const pipelines = Object.keys(state).flatMap(pipelineOfUrn);
  // One that a killed run has only begun to declare says nothing yet.
  const kafka = of("cdc:index:Kafka").filter(({ bootstrapServers }) => bootstrapServers !== undefined);
  return {
    credentials: of("cdc:index:Credentials").flatMap(storedCredentials),
    brokers: kafka[0] === undefined ? 0 : Number(kafka[0]["brokers"] ?? 1),
    ...(kafka.length > 0 && { bootstrapServers: kafka.map((broker) => String(broker["bootstrapServers"])).join(",") }),
    containers: new Map(of("docker:index/container:Container").map(({ name, id }) => [String(name), String(id)])),
    ...(pipelines.length > 0 && { pipelines }),
    networks: of("docker:index/network:Network").map((network) => String(network["name"])),
    volumes: of("docker:index/volume:Volume").map((volume) => String(volume["name"])),
    brokerVolumes: new Map(of("docker:index/volume:Volume").flatMap(appliedBroker)),
    topics: of("kafka:index/topic:Topic").map(appliedTopic),
    ...(kafkaClusters.length > 0 && { kafkaClusters }),
    ...(kafkaServers.length > 0 && { kafkaServers }),
    ...(topics?.["clusterId"] !== undefined && {
      othersTopics: { clusterId: String(topics["clusterId"]), names: (topics["others"] ?? []) as string[] },
    }),
    keepsTopics: topics?.["keeps"] === true,
    ...(connector && { connector: appliedConnector(connector) }),
    ...(capture && {
      capture: {
        captureName: String(capture["publication"]),
        captured: (capture["captured"] ?? []) as string[],
        ...(capture["host"] !== undefined && { applied: capture as unknown as CaptureOutputs }),
      },
    }),
  };
}

/** Another cluster's topics have another provider, whose name has the cluster's id. None for a resource that is no such provider. */
function clusterOf(urn: string): string[] {
  const found = /pulumi:providers:kafka::(?:.*-)?topics-provider(?:-(.+))?$/.exec(urn);
  return found === null ? [] : [found[1] ?? OWN_KAFKA];
}

/** The addresses in a provider for topics of somebody else's Kafka: a list in JSON. */
function serversOf([urn, { outputs }]: [string, StateOutputs[string]]): string[] {
  const [id] = clusterOf(urn);
  if (id === undefined || id === OWN_KAFKA) return [];
  return [...String(outputs["bootstrapServers"]).matchAll(/[^\s",[\]]+:\d+/g)].map(([server]) => server);
}

/** None for a volume that is no broker's. */
function appliedBroker({ name, labels }: Record<string, unknown>): [string, BrokerVolume][] {
  if (!/-kafka(-\d+)?-data$/.test(String(name))) return [];
  const by = new Map(((labels ?? []) as { label: string; value: string }[]).map(({ label, value }) => [label, value]));
  const clusterId = by.get(CLUSTER_LABEL);
  const coordination = by.has(COORDINATION_LABEL) ? "kraft" : "zookeeper";
  return [[String(name), { coordination, ...(clusterId !== undefined && { clusterId }) }]];
}

/** None where one is missing, as after an `up` that was killed: then all are made anew. */
function storedCredentials(outputs: Record<string, unknown>): StoredCredentials[] {
  const { prefix, password, rolePassword, connectToken } = outputs;
  const words = { prefix, password, rolePassword, connectToken };
  return Object.values(words).every((word) => typeof word === "string" && word !== "")
    ? [words as StoredCredentials]
    : [];
}

function appliedTopic(outputs: Record<string, unknown>): AppliedTopic {
  const config = (outputs["config"] ?? {}) as Record<string, string>;
  const policy = config["cleanup.policy"] ?? "delete";
  return {
    name: String(outputs["name"]),
    retentionMs: keptMs(policy, Number(config["retention.ms"] ?? USUAL_RETENTION_MS)),
    compacted: isCompacted(policy),
    partitions: Number(outputs["partitions"] ?? 1),
    copies: Number(outputs["replicationFactor"] ?? 1),
  };
}

function appliedConnector(outputs: Record<string, unknown>): AppliedConnector {
  const config = (outputs["config"] ?? {}) as Record<string, unknown>;
  return {
    connectorName: String(outputs["connectorName"]),
    topicPrefix: String(config["topic.prefix"]),
    slotName: String(config["slot.name"]),
    database: outputs["database"] as SourceDatabase | undefined,
    ...(outputs["connectUrl"] !== undefined && { applied: outputs as unknown as ConnectorOutputs }),
    ...(outputs["bootstrapServers"] !== undefined && { kafka: kafkaOf(outputs as unknown as ConnectorOutputs) }),
    ...(outputs["kafkaCluster"] !== undefined && { kafkaCluster: String(outputs["kafkaCluster"]) }),
  };
}
