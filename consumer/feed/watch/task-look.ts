/** Asks Kafka Connect what became of the connector and its task, and restarts what has failed. It needs no database. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectorStatus } from "../../../components/connector/connector-types";
import { connectorPath } from "../../../components/connector/rest/connect-api";
import { failures } from "../../../components/connector/rest/connector-status";
import type { ConnectSecurity } from "../../../components/existing/connect/connect-access";
import type { ConnectorAddress } from "../../config";
import { isNobody, requestConnect } from "../status/connect-request";

const EVERY_MS = 1000;
const CONNECT_MS = 2000;

export interface TaskLookOptions extends ConnectorAddress {
  /** Is called with the trace of a failed connector or task; undefined when none has failed. @returns whether to restart it */
  failed(trace: string | undefined): boolean;
}

/** The answer when nobody listens at any of the workers. */
export const NOBODY = Symbol("nobody");

export type Answer = (method: "GET" | "POST", path: string) => Promise<unknown>;

/** Runs for as long as the process lives, where no slot is looked at. */
export async function watchTask(options: TaskLookOptions): Promise<never> {
  for (;;) {
    await lookAtTask(options);
    await sleep(EVERY_MS);
  }
}

/** A worker that does not answer says nothing about the task. */
export async function lookAtTask(options: TaskLookOptions): Promise<void> {
  const answer = answerOf(options.connectUrl, options.connectSecurity);
  const status = asObject(await answer("GET", `${connectorPath(options.connectorName)}/status`));
  if (status !== undefined) await restartFailed(status as ConnectorStatus, answer, options);
}

export async function restartFailed(status: ConnectorStatus, answer: Answer, options: TaskLookOptions): Promise<void> {
  const [failure] = failures(status);
  if (!options.failed(failure?.trace)) return;
  await answer("POST", `${connectorPath(options.connectorName)}/restart?includeTasks=true&onlyFailed=true`);
}

/** Resolves with undefined for no answer, and for an error: Kafka Connect does not tell the offsets of a connector that was deleted. */
export function answerOf(workers: string, security: ConnectSecurity): Answer {
  return async (method, path) => {
    try {
      const { status, body } = await requestConnect(method, workers, path, security, CONNECT_MS);
      return status < 300 ? (JSON.parse(body) as unknown) : undefined;
    } catch (error) {
      return isNobody(error) ? NOBODY : undefined;
    }
  };
}

export function asObject(answered: unknown): object | undefined {
  return typeof answered === "object" && answered !== null ? answered : undefined;
}
