/** A connector whose `connectUrl` names another Connect: it is taken out of the former one, and its offsets go along. */
import { shownUrl } from "../../existing/connect/connect-access";
import * as api from "../rest/connect-api";
import type { LiveConnector } from "../rest/live-connector";
import { readsRows } from "../slot/loss-look";
import { once, request, type Target } from "../rest/rest";
import { isElsewhere, postedConfig } from "../rest/access";
import type { ConnectorInputs, ConnectorOutputs } from "../connector-types";
import { stopped } from "./delete";
import {
  areOneConnect,
  ASK_MS,
  type Former,
  formerOf,
  isSame,
  liveIn,
  onOneKafka,
  type Place,
  takenText,
} from "./former";

/**
 * What a preview says of the move; undefined: there is none. It asks each Connect once.
 *
 * @param here the connector in the Connect that is named now, where that one answers
 */
export async function moveLook(
  target: Target,
  olds: Place,
  news: ConnectorInputs,
  here: LiveConnector | undefined,
): Promise<string | undefined> {
  if (!isElsewhere(olds, news)) return undefined;
  let former: Former | undefined;
  try {
    former = await formerOf(target, olds);
  } catch {
    // A worker of this machine's under another port has nothing at the former one.
    return here === undefined ? absentText(olds) : undefined;
  }
  if (former === undefined) return here === undefined ? goneText(olds) : undefined;
  const sameKafka = await onOneKafka(former.target, target, once).catch(() => true);
  return sameKafka && isSame(former.connector, here) ? undefined : movingText(olds, news, sameKafka);
}

/**
 * Takes the connector out of the Connect that it was in, where `isElsewhere`. One that gives no answer is told, unless this one has the connector: it may be the same.
 *
 * @throws where the Connect that is named now does not tell what it has, or has another connector of that name. Nothing is changed then
 */
export async function leaveFormer(target: Target, inputs: ConnectorInputs, olds: ConnectorOutputs): Promise<void> {
  const { connectorName: name } = inputs;
  const here = await liveIn(target, name);
  const taken = here && takenText(olds, inputs, here.config);
  if (taken !== undefined) throw new Error(`${target.operation}: ${taken}`);
  let former: Former | undefined;
  try {
    former = await formerOf(target, olds);
    if (former === undefined && here === undefined) console.error(goneText(olds));
  } catch {
    if (here === undefined) console.error(absentText(olds));
  }
  if (former === undefined) return;
  const sameKafka = await onOneKafka(former.target, target, request);
  if (sameKafka && here !== undefined && (await areOneConnect(former.target, target, name))) return;
  await moveHere(target, inputs, { ...former, sameKafka, here, ran: !["STOPPED", "PAUSED"].includes(olds.state) });
}

/** Pure: what a preview says of the move. */
function movingText(
  olds: Place,
  news: Pick<ConnectorInputs, "connectorName" | "connectUrl" | "config">,
  sameKafka: boolean,
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
function absentText({ connectUrl, connectorName: name }: Place): string {
  const url = shownUrl(connectUrl);
  return (
    `Kafka Connect at ${url}, where connector ${name} was, does not tell how far it has read, so it begins anew elsewhere. Should that ` +
    `Connect come back: curl -X DELETE ${url}/connectors/${name}`
  );
}

/** Pure: what is said where neither Connect has the connector. */
function goneText({ connectUrl, connectorName: name }: Place): string {
  return (
    `Kafka Connect at ${shownUrl(connectUrl)}, where connector ${name} was, does not have it any more, so nobody tells how far it has read, and it ` +
    "begins anew elsewhere."
  );
}

interface Move extends Former {
  sameKafka: boolean;
  /** The connector in the other Connect, as an apply has left it that was killed. */
  here: LiveConnector | undefined;
  /** Whether the last apply had it run. */
  ran: boolean;
}

/**
 * Has the other Connect go on where the former one was: the connector is stopped there, made here with its offsets, stopped too, and deleted there. Offsets of
 * another Kafka are dropped. Where this fails half-way, the one runs on that has the offsets.
 */
async function moveHere(target: Target, inputs: ConnectorInputs, move: Move): Promise<void> {
  const { connectorName: name } = inputs;
  const { target: former, sameKafka } = move;
  let has: "former" | "either" | "this" = "former";
  try {
    await stopped(former, name);
    if (sameKafka && (await isHereAlready(target, name, move))) has = "this";
    else if (sameKafka) await copyOffsets(former, target, inputs);
    if (has === "former") has = "either";
    await api.resetOffsets(former, name);
    await api.remove(former, api.connectorPath(name));
  } catch (error) {
    if (!move.ran && move.connector.status?.connector.state !== "RUNNING") throw error;
    const brief = (place: Target): Target => ({ ...place, until: Date.now() + ASK_MS });
    // Without offsets the former one would take a snapshot beside its slot.
    const isBefore = has === "former" && move.here === undefined;
    const isThere = isBefore || (has !== "this" && (await hasOffsets(brief(former), name).catch(() => false)));
    const place = isThere ? former : has === "former" || !sameKafka ? undefined : target;
    if (place !== undefined) await api.setState(brief(place), name, "RUNNING").catch(() => undefined);
    throw error;
  }
}

/**
 * Whether an earlier apply has copied the offsets and not come to delete the connector in the former Connect. There they are forgotten, or older
 * than those of the one that runs here.
 */
async function isHereAlready(
  target: Target,
  name: string,
  { target: former, connector, here }: Move,
): Promise<boolean> {
  if (here === undefined || !(await hasOffsets(target, name))) return false;
  const runsHereAlone = isRunning(here) && !isRunning(connector);
  return runsHereAlone || !(await hasOffsets(former, name));
}

function isRunning({ status }: LiveConnector): boolean {
  return status?.connector.state === "RUNNING";
}

async function hasOffsets(target: Target, name: string): Promise<boolean> {
  return (await offsetsOf(target, name)).length > 0;
}

async function offsetsOf(target: Target, name: string): Promise<api.ConnectorOffset[]> {
  return (await api.getOffsets(target, name)).filter(({ offset }) => offset !== null);
}

async function copyOffsets(former: Target, target: Target, inputs: ConnectorInputs): Promise<void> {
  const { connectorName: name } = inputs;
  const offsets = await offsetsOf(former, name);
  await api.createConnector(target, name, postedConfig(inputs), "STOPPED");
  await stopped(target, name);
  await api.resetOffsets(target, name);
  if (offsets.length > 0) await api.alterOffsets(target, name, offsets);
}
