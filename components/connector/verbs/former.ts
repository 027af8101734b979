/** What is found of a connector whose `connectUrl` names another Connect: in the former one, and in the one that is named now. */
import { hasUnknown } from "../../../program/dynamic/unknown";
import { shownUrl } from "../../existing/connect/connect-access";
import { poll } from "../../poll";
import { asStrings } from "../connector-diff";
import type { ConnectorInputs, ConnectorStatus } from "../connector-types";
import { isElsewhere } from "../rest/access";
import * as api from "../rest/connect-api";
import { getLive, type LiveConnector } from "../rest/live-connector";
import type { once, request } from "../rest/rest";
import { type Target, targetOf } from "../rest/rest";

/** How long the former Connect may take to say whether it has the connector, in milliseconds. */
export const ASK_MS = 4000;
/** How long two addresses may take to tell whether they are of one Connect, in milliseconds. */
const SETTLE_MS = 30_000;

export type Place = Pick<
  ConnectorInputs,
  "connectUrl" | "connectToken" | "connectSecurity" | "secretConfig" | "connectorName" | "config" | "worker"
>;

/** The connector in the Connect of the last apply. */
export interface Former {
  target: Target;
  connector: LiveConnector;
}

/**
 * The connector in the former Connect; undefined: that one has none, or another one of its name.
 *
 * @throws when it gives no answer that tells
 */
export async function formerOf(
  { operation, until }: Pick<Target, "operation" | "until">,
  olds: Place,
): Promise<Former | undefined> {
  const former = targetOf(olds, operation, Math.min(until, Date.now() + ASK_MS));
  const connector = await getLive(former, olds.connectorName);
  if (connector === undefined || !isOurs(connector.config, olds.config)) return undefined;
  return { target: { ...former, until }, connector };
}

/** What tells a connector from another stack's of the same name. */
const OURS = [
  "connector.class",
  "topic.prefix",
  "slot.name",
  "publication.name",
  "database.hostname",
  "database.dbname",
];

/** Pure: whether a connector in Kafka Connect is the one that has this config. */
function isOurs(live: Record<string, string>, config: ConnectorInputs["config"]): boolean {
  return differingKey(live, config) === undefined;
}

/** Pure: the first key by which a connector in Kafka Connect is another one than that with this config; undefined: none tells them apart. */
export function differingKey(live: Record<string, string>, config: ConnectorInputs["config"]): string | undefined {
  return differing(live, config)[0];
}

function differing(live: Record<string, string>, config: ConnectorInputs["config"]): string[] {
  const ours = asStrings(config);
  return OURS.filter((key) => ours[key] !== undefined && !hasUnknown(config[key]) && live[key] !== ours[key]);
}

/** Pure: why the connector cannot go where another one has its name; undefined: the one there is this one, as after an apply that was killed. */
export function takenText(olds: Place, news: Place, live: Record<string, string>): string | undefined {
  if (!isElsewhere(olds, news) || isOurs(live, olds.config) || isOurs(live, news.config)) return undefined;
  const { connectorName: name, connectUrl } = news;
  const [url, key] = [shownUrl(connectUrl), differingKey(live, news.config)!];
  return (
    `Kafka Connect at ${url} has another connector ${name} already (its ${key} is ${live[key] ?? "not set"}, not ${String(news.config[key])}): its config and ` +
    `offsets would be overwritten. Take another connectorName, or delete that one if nobody needs it: curl -X DELETE ${url}/connectors/${name}`
  );
}

/** Asks until Connect tells. @throws when it does not */
export async function liveIn(target: Target, name: string): Promise<LiveConnector | undefined> {
  const config = await api.getConfig(target, name);
  if (config === undefined) return undefined;
  const status = await api.getStatus(target, name);
  return { config, ...(status && { status }) };
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

/** So many looks in which both are settled and differ tell that there are two: between two looks a task may go to another worker. */
const LOOKS = 3;

/**
 * Whether two addresses are of one Connect. What is done at the former one would then be done to the connector itself, so no guess will do.
 *
 * @throws when they do not tell
 */
export async function areOneConnect(former: Target, target: Target, name: string): Promise<boolean> {
  let looks = 0;
  return poll<boolean>(
    async () => {
      const [there, here] = [await liveIn(former, name), await liveIn(target, name)];
      if (there === undefined || isSame(there, here)) return { done: true, value: true };
      looks = here === undefined || (isSettled(there.status) && isSettled(here.status)) ? looks + 1 : 0;
      return looks < LOOKS ? { done: false, seen: "its tasks are between two workers" } : { done: true, value: false };
    },
    {
      what: `word of whether ${shownUrl(former.url)} and ${shownUrl(target.url)} are one Kafka Connect`,
      deadlineMs: Math.max(Math.min(target.until - Date.now(), SETTLE_MS), 1),
      remedy: "Nothing was changed in either.",
    },
  );
}

function isSettled(status: ConnectorStatus | undefined): boolean {
  if (status === undefined) return false;
  return [status.connector, ...status.tasks].every(({ state }) => !["UNASSIGNED", "RESTARTING"].includes(state));
}

/** Whether both Connects write to one Kafka, so that offsets count in the other one too. @param asks how to ask; once, or until there is an answer */
export async function onOneKafka(former: Target, target: Target, asks: typeof once | typeof request): Promise<boolean> {
  const [before, now] = await Promise.all([clusterOf(former, asks), clusterOf(target, asks)]);
  return before === undefined || now === undefined || before === now;
}

async function clusterOf(target: Target, asks: typeof once): Promise<string | undefined> {
  const { body } = await asks(target, "GET", "/");
  return (body as { kafka_cluster_id?: string } | undefined)?.kafka_cluster_id;
}
