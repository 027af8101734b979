import { poll } from "../../poll";
import { foreign, messageOf, once, passing, Patience, refused, request, type RestAnswer, type Target } from "./rest";
import { isConfig, isOffsets, isPlugins, isStatus, isTopics } from "./shapes";
import type { ConnectorStatus, DesiredState } from "../connector-types";

/** How far a connector has read a source partition. Debezium has one partition for each `topic.prefix`. */
export interface ConnectorOffset {
  partition: Record<string, unknown>;
  offset: Record<string, unknown> | null;
}

/** Path of a connector, or of something below it. */
export function connectorPath(name: string, rest = ""): string {
  return `/connectors/${encodeURIComponent(name)}${rest}`;
}

/** The connector's live config without the keys that servers add; `undefined` when there is no such connector. */
export async function getConfig(target: Target, name: string): Promise<Record<string, string> | undefined> {
  const answer = await request(target, "GET", connectorPath(name, "/config"));
  if (answer.status === 404) return undefined;
  return expectBody(target, connectorPath(name, "/config"), answer, isConfig);
}

/** The connector's status; `undefined` when there is none, as just after a create. */
export async function getStatus(target: Target, name: string): Promise<ConnectorStatus | undefined> {
  const answer = await request(target, "GET", connectorPath(name, "/status"));
  if (answer.status === 404) return undefined;
  return expectBody(target, connectorPath(name, "/status"), answer, isStatus);
}

/** Creates a connector that does not exist yet, in the wanted state from its first moment. */
export async function createConnector(
  target: Target,
  name: string,
  config: Record<string, string>,
  initial: DesiredState,
): Promise<void> {
  // POST answers 409 for "exists" as well, so a repeated or interrupted create ends in the upsert.
  const body = { name, config, initial_state: initial };
  const patience = new Patience();
  const created = await poll<boolean>(
    async () => {
      const answer = await once(target, "POST", "/connectors", body).catch(() => undefined);
      if (answer && answer.status < 300) return { done: true, value: true };
      if (answer && (!passing(answer) || patience.isOver(answer))) throw refused(target, "POST", "/connectors", answer);
      if (answer?.status === 409 && /already exists/i.test(messageOf(answer.body))) return { done: true, value: false };
      if ((await getConfig(target, name)) !== undefined) return { done: true, value: false };
      return { done: false, seen: answer ? `${answer.status} ${messageOf(answer.body)}`.trim() : "no answer" };
    },
    {
      what: `Kafka Connect at ${target.url} to take connector ${name}`,
      deadlineMs: target.until - Date.now(),
      remedy: "The Connect container's log says more.",
    },
  );
  if (created) return;
  await putConfig(target, name, config);
  await setState(target, name, initial);
}

/** Creates the connector, or changes its config. */
export async function putConfig(target: Target, name: string, config: Record<string, string>): Promise<void> {
  const path = connectorPath(name, "/config");
  expectOk(target, "PUT", path, await request(target, "PUT", path, config));
}

/** Asks for a state; Connect answers before it is reached. */
export async function setState(target: Target, name: string, state: DesiredState): Promise<void> {
  const verb = { RUNNING: "resume", PAUSED: "pause", STOPPED: "stop" }[state];
  const path = connectorPath(name, `/${verb}`);
  expectOk(target, "PUT", path, await request(target, "PUT", path));
}

/** Restarts the connector with its tasks, or only what has failed. */
export async function restart(target: Target, name: string, onlyFailed: boolean): Promise<void> {
  const path = connectorPath(name, `/restart?includeTasks=true&onlyFailed=${onlyFailed}`);
  expectOk(target, "POST", path, await request(target, "POST", path));
}

/** Deletes the connector, or its offsets; "already gone" is success. */
export async function remove(target: Target, path: string): Promise<void> {
  const answer = await request(target, "DELETE", path);
  if (answer.status !== 404) expectOk(target, "DELETE", path, answer);
}

/** Forgets the offsets of a stopped connector. Connect answers 400 until its tasks have really ended. */
export async function resetOffsets(target: Target, name: string): Promise<void> {
  const path = connectorPath(name, "/offsets");
  await poll(
    async () => {
      const answer = await once(target, "DELETE", path);
      const done = answer.status < 300 || answer.status === 404 || answer.status === 405;
      return done ? { done, value: undefined } : { done, seen: `${answer.status} ${messageOf(answer.body)}` };
    },
    { what: `the offsets of ${name} to be reset`, deadlineMs: target.until - Date.now() },
  );
}

/** The offsets of a connector, as Connect has them; empty before the first is written. */
export async function getOffsets(target: Target, name: string): Promise<ConnectorOffset[]> {
  const path = connectorPath(name, "/offsets");
  return expectBody(target, path, await request(target, "GET", path), isOffsets).offsets as ConnectorOffset[];
}

/** Writes offsets of a stopped connector. Connect answers 400 until its tasks have really ended. */
export async function alterOffsets(target: Target, name: string, offsets: readonly ConnectorOffset[]): Promise<void> {
  const path = connectorPath(name, "/offsets");
  await poll<void>(
    async () => {
      const answer = await once(target, "PATCH", path, { offsets });
      if (answer.status < 300) return { done: true, value: undefined };
      return { done: false, seen: `${answer.status} ${messageOf(answer.body)}` };
    },
    { what: `the offsets of ${name} to be written`, deadlineMs: target.until - Date.now() },
  );
}

/** The topics that the connector has written to. */
export async function getTopics(target: Target, name: string): Promise<string[]> {
  const answer = await request(target, "GET", connectorPath(name, "/topics"));
  return answer.status === 200 && isTopics(answer.body) ? (answer.body[name]?.topics ?? []) : [];
}

/** Classes of the installed connectors and their versions. */
export async function getPlugins(target: Target): Promise<{ class: string; version?: string }[]> {
  const answer = await request(target, "GET", "/connector-plugins");
  return isPlugins(answer.body) ? answer.body : [];
}

function expectBody<T>(target: Target, path: string, answer: RestAnswer, is: (body: unknown) => body is T): T {
  const { body } = expectOk(target, "GET", path, answer);
  if (!is(body)) throw foreign(target, "GET", path, answer);
  return body;
}

function expectOk(
  target: Target,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  answer: RestAnswer,
): RestAnswer {
  if (answer.status < 200 || answer.status > 299) throw refused(target, method, path, answer);
  return answer;
}
