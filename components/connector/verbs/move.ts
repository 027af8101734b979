/** A connector whose `connectUrl` names another Connect: it is taken out of the former one, and its offsets go along. */
import { shownUrl } from "../../existing/connect/connect-access";
import * as api from "../rest/connect-api";
import { getLive, type LiveConnector } from "../rest/live-connector";
import { asStrings } from "../connector-diff";
import { readsRows } from "../slot/loss-look";
import { once, type Target, targetOf } from "../rest/rest";
import { postedConfig, sameAddress } from "../rest/access";
import type { ConnectorInputs, ConnectorOutputs } from "../connector-types";
import { stopped } from "./delete";

/** How long the former Connect may take to say whether it has the connector, in milliseconds. */
const ASK_MS = 4000;

/** The connector in the Connect of the last apply. */
export interface Former {
  target: Target;
  connector: LiveConnector;
  /** Whether both Connects write to one Kafka, so that offsets count in the other one too. */
  sameKafka: boolean;
}

type Place = Pick<
  ConnectorInputs,
  "connectUrl" | "connectToken" | "connectSecurity" | "secretConfig" | "connectorName" | "config" | "worker"
>;

/**
 * The connector in another Connect than that of `news`; undefined: there is none, or both addresses are of one Connect.
 *
 * @throws when the former Connect gives no answer that tells
 */
export async function formerOf(target: Target, olds: Place | undefined, news: Place): Promise<Former | undefined> {
  if (olds === undefined || sameAddress(olds.connectUrl, news.connectUrl)) return undefined;
  const { connectorName: name } = news;
  // A stack's own workers keep their state in its Kafka, whatever their ports.
  if (olds.connectorName !== name || (olds.worker !== undefined && news.worker !== undefined)) return undefined;
  const former = targetOf(olds, target.operation, Math.min(target.until, Date.now() + ASK_MS));
  const connector = await getLive(former, name);
  if (connector === undefined || !isOurs(connector.config, olds.config)) return undefined;
  const [before, now] = await Promise.all([clusterOf(former), clusterOf(target).catch(() => undefined)]);
  const sameKafka = before === undefined || now === undefined || before === now;
  if (sameKafka && isSame(connector, await getLive(target, name).catch(() => undefined))) return undefined;
  return { target: { ...former, until: target.until }, connector, sameKafka };
}

/** What tells a connector from another stack's of the same name, whose Connect may by now have the former one's address. */
const OURS = [
  "connector.class",
  "topic.prefix",
  "slot.name",
  "publication.name",
  "database.hostname",
  "database.dbname",
];

function isOurs(live: Record<string, string>, applied: ConnectorInputs["config"]): boolean {
  const before = asStrings(applied);
  return OURS.every((key) => before[key] === undefined || live[key] === before[key]);
}

/** Pure: whether two Connects on one Kafka are one. Its workers tell the same config, and the same worker for each task. */
export function isSame(a: LiveConnector, b: LiveConnector | undefined): boolean {
  return b !== undefined && placesOf(a) === placesOf(b);
}

function placesOf({ config, status }: LiveConnector): string {
  const worker = (part: { worker_id?: string }): string => part.worker_id ?? "";
  const entries = Object.entries(config).sort(([a], [b]) => a.localeCompare(b));
  return JSON.stringify([entries, status && [worker(status.connector), ...status.tasks.map(worker)]]);
}

/** Takes the connector out of the Connect that it was in. One that gives no answer is told, unless this one has the connector: it may be the same. */
export async function leaveFormer(target: Target, inputs: ConnectorInputs, olds: ConnectorOutputs): Promise<void> {
  let former: Former | undefined;
  try {
    former = await formerOf(target, olds, inputs);
  } catch {
    if ((await api.getConfig(target, inputs.connectorName)) === undefined) console.error(absentText(olds));
  }
  if (former !== undefined) await moveHere(target, inputs, former);
}

/** Pure: what a preview says of the move. */
export function movingText(
  olds: Place,
  news: Pick<ConnectorInputs, "connectorName" | "connectUrl" | "config">,
  { sameKafka }: Former,
): string {
  const along = sameKafka
    ? "with its offsets: it goes on where it was"
    : `which writes to another Kafka: ${readsRows(news.config) ? "all rows are read again there" : "it goes on with what its slot holds"}`;
  return (
    `Connector ${news.connectorName} is stopped and deleted in Kafka Connect at ${shownUrl(olds.connectUrl)}, and made at ` +
    `${shownUrl(news.connectUrl)}, ${along}.`
  );
}

/** Pure: what is said where the former Connect gives no answer. */
export function absentText({ connectUrl, connectorName: name }: Place): string {
  const url = shownUrl(connectUrl);
  return (
    `Kafka Connect at ${url}, where connector ${name} was, does not tell how far it has read, so it begins anew elsewhere. Should that ` +
    `Connect come back: curl -X DELETE ${url}/connectors/${name}`
  );
}

async function clusterOf(target: Target): Promise<string | undefined> {
  const { body } = await once(target, "GET", "/");
  return (body as { kafka_cluster_id?: string } | undefined)?.kafka_cluster_id;
}

/**
 * Has the other Connect go on where the former one was: the connector is stopped there, made here with its offsets, stopped too, and deleted there. Offsets of
 * another Kafka are dropped. Where this fails half-way, the former one runs on.
 */
async function moveHere(target: Target, inputs: ConnectorInputs, { target: former, connector, sameKafka }: Former) {
  const { connectorName: name } = inputs;
  try {
    await stopped(former, name);
    if (sameKafka) await copyOffsets(former, target, inputs);
  } catch (error) {
    if (connector.status?.connector.state === "RUNNING")
      await api.setState(former, name, "RUNNING").catch(() => undefined);
    throw error;
  }
  await api.resetOffsets(former, name);
  await api.remove(former, api.connectorPath(name));
}

async function copyOffsets(former: Target, target: Target, inputs: ConnectorInputs): Promise<void> {
  const { connectorName: name } = inputs;
  const offsets = (await api.getOffsets(former, name)).filter(({ offset }) => offset !== null);
  await api.createConnector(target, name, postedConfig(inputs), "STOPPED");
  await stopped(target, name);
  await api.resetOffsets(target, name);
  if (offsets.length > 0) await api.alterOffsets(target, name, offsets);
}
