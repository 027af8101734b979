import { replicationName } from "../../components/capture/object-names";
import { getPlugins } from "../../components/connector/rest/connect-api";
import { once } from "../../components/connector/rest/rest";
import { failures } from "../../components/connector/rest/connector-status";
import { type Answer, ask } from "../look/answer";
import type { ContainerLook } from "../look/containers-look";
import { databaseOf } from "../look/database-look";
import type { Finding } from "../look/finding";
import { declaredConnector, findingsOf } from "../look/findings";
import {
  brokerOf,
  connectOf,
  containerOf,
  DEADLINE_MS,
  lookAtStack,
  type StackLook,
  subscriptionOf,
} from "../look/stack-look";
import { captureFindings, configFindings, lookAtCapture } from "./capture-look";
import { readDeclared } from "./applied-settings";
import {
  diskFinding,
  engineFinding,
  freeBytes,
  imageFindings,
  lookAtEngine,
  lookAtImages,
  lookAtPorts,
  lookAtPrograms,
  portFindings,
} from "./machine-look";
import { notedBytes, notedFindings, offsetsTopic } from "./noted-offset";
import { probe, probeFinding, probeTopic } from "./probe";
import { lookAtVolumes, volumeFindings } from "./volume-look";
import { standingStill, standstillFindings } from "./standstill";

/** How long the probe may take, in milliseconds: a pipeline with a backlog takes longer than a healthy one. */
const PROBE_MS = 5000;

export interface Examination {
  look: StackLook;
  findings: Finding[];
}

/** Looks at all that `status` looks at, and at what takes longer or needs the declared settings. */
export async function examine(stack: string | undefined): Promise<Examination> {
  const look = await lookAtStack(stack);
  if (!look.containers.ok) return { look, findings: findingsOf(look) };
  const containers = look.containers.value;
  const further = await Promise.all([
    machine(containers, look.at),
    declarations(look, containers),
    worker(look, containers),
    standstill(look, containers),
    throughput(look, containers),
    noted(look, containers),
  ]);
  return { look, findings: findingsOf(look, further.flat()) };
}

async function machine(containers: ContainerLook[], now: number): Promise<Finding[]> {
  const running = containers.find(({ state }) => state === "running");
  const [engine, programs, free, volumes, ports, images] = await Promise.all([
    ask(DEADLINE_MS, () => lookAtEngine(DEADLINE_MS)),
    ask(DEADLINE_MS, () => lookAtPrograms(DEADLINE_MS)),
    ask(DEADLINE_MS, () => freeBytes(running, DEADLINE_MS)),
    ask(DEADLINE_MS, () => lookAtVolumes(containers, DEADLINE_MS)),
    ask(DEADLINE_MS, () => lookAtPorts(containers)),
    ask(DEADLINE_MS, () => lookAtImages(containers, DEADLINE_MS)),
  ]);
  const disk = said(free, "disk", "disk", (bytes) => [diskFinding(bytes)]);
  // A volume on the engine's disk is full with it.
  const own = disk.some(({ mark }) => mark === "bad") || !volumes.ok ? [] : volumeFindings(volumes.value);
  return [
    ...said(engine, "engine", "engine", (found) => [engineFinding(found)]),
    ...said(programs, "engine", "programs", (text) => [{ part: "engine", about: "programs", mark: "good", text }]),
    ...disk,
    ...own,
    ...said(ports, "ports", "ports", portFindings),
    ...said(images, "images", "images", (found) => imageFindings(found, now)),
  ];
}

/** The findings of an answer. Where nobody answered, the only finding says so: nothing need be wrong. */
function said<T>(
  answer: Answer<T>,
  part: Finding["part"],
  about: string,
  findings: (value: T) => Finding[],
): Finding[] {
  return answer.ok ? findings(answer.value) : [{ part, about, mark: "note", text: `not known: ${answer.reason}` }];
}

/** How database and connector differ from what was declared. */
async function declarations(look: StackLook, containers: ContainerLook[]): Promise<Finding[]> {
  const declared = await ask(DEADLINE_MS, () => readDeclared(look.prefix, DEADLINE_MS));
  const config = configFindings(declared, look.connectors);
  const capture = declared.ok ? declared.value.capture : undefined;
  if (!look.database.ok) return config;
  if (!capture) return [...config, ...captureFindings(declared, undefined)];
  const facts = await ask(DEADLINE_MS, async () =>
    lookAtCapture(await databaseOf(containers, DEADLINE_MS), capture, DEADLINE_MS),
  );
  return [...config, ...captureFindings(declared, facts)];
}

async function worker(look: StackLook, containers: ContainerLook[]): Promise<Finding[]> {
  if (!look.connectors.ok) return [];
  const connect = connectOf(containerOf(containers, "connect"));
  const { url } = connect;
  const target = { ...connect, operation: "look at Kafka Connect", until: Date.now() + DEADLINE_MS };
  const versions = await ask(DEADLINE_MS, async () => {
    const [root, plugins] = await Promise.all([once(target, "GET", "/"), getPlugins(target)]);
    const debezium = plugins.find((plugin) => plugin.class.endsWith(".PostgresConnector"))?.version;
    const { version } = root.body as { version?: string };
    return `Kafka Connect ${version}, Debezium ${debezium ?? "without its connector for Postgres"}`;
  });
  return said(versions, "worker", url, (text) => [{ part: "worker", about: url, mark: "good", text }]);
}

async function standstill(look: StackLook, containers: ContainerLook[]): Promise<Finding[]> {
  if (!look.broker.ok || !look.consumer.ok) return [];
  const { group, deadLetterTopic } = subscriptionOf(containers);
  // No consumer reads the topic of dead letters, so a backlog there is normal.
  const waiting = look.broker.value.partitions.filter(({ topic, behind }) => behind > 0 && topic !== deadLetterTopic);
  const still = await standingStill(brokerOf(containerOf(containers, "kafka")), group, waiting, DEADLINE_MS);
  return standstillFindings(still);
}

/** Where the connector is, when Kafka Connect cannot say it. */
async function noted(look: StackLook, containers: ContainerLook[]): Promise<Finding[]> {
  const topic = offsetsTopic(containerOf(containers, "connect"));
  if (look.connectors.ok || !look.broker.ok || !look.database.ok || topic === undefined) return [];
  const connector = declaredConnector(containers);
  const name = replicationName(look.prefix, connector);
  const slot = look.database.value.slots.find((each) => each.name === name && !each.active);
  if (slot === undefined) return [];
  const server = brokerOf(containerOf(containers, "kafka"));
  const found = await ask(2 * DEADLINE_MS, () => notedBytes(server, topic, connector, DEADLINE_MS, look.prefix));
  return found.ok ? notedFindings(slot, found.value) : [];
}

/** A probe through the pipeline, if all that it passes is there. */
async function throughput(look: StackLook, containers: ContainerLook[]): Promise<Finding[]> {
  const connector = look.connectors.ok
    ? look.connectors.value.find(({ name }) => name === declaredConnector(containers))
    : undefined;
  const runs = connector?.status.connector.state === "RUNNING" && failures(connector.status).length === 0;
  if (!look.database.ok || !look.broker.ok || !runs || connector.snapshot === "running") {
    return [probeFinding({ ok: false, reason: "not all that it passes is there" }, false)];
  }
  const topic = probeTopic(connector.config);
  if (topic === undefined)
    return [probeFinding({ ok: false, reason: "the connector's config keeps its message out" }, false)];
  const measured = await ask(PROBE_MS + DEADLINE_MS, async () => {
    const database = await databaseOf(containers, DEADLINE_MS);
    return probe(database, brokerOf(containerOf(containers, "kafka")), topic, PROBE_MS);
  });
  return [probeFinding(measured, true)];
}
