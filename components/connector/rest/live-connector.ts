import type { ConnectorStatus } from "../connector-types";
import { connectorPath } from "./connect-api";
import { once, passing, refused, type Target } from "./rest";
import { isConfig, isStatus } from "./shapes";

/** A connector as Kafka Connect has it. */
export interface LiveConnector {
  config: Record<string, string>;
  status?: ConnectorStatus;
}

/** Config and status, asked once; undefined: Connect has no such connector. @throws where Connect gives no answer that tells */
export async function getLive(target: Target, name: string): Promise<LiveConnector | undefined> {
  const config = await glance(target, connectorPath(name, "/config"));
  if (config === undefined) return undefined;
  if (!isConfig(config)) throw new Error(`${target.url} does not answer as Kafka Connect.`);
  const status = await glance(target, connectorPath(name, "/status"));
  return { config, ...(isStatus(status) && { status }) };
}

/** One look without retries: the body, `undefined` when Connect says there is none. @throws for anything else */
async function glance(target: Target, path: string): Promise<unknown> {
  const answer = await once(target, "GET", path);
  if (answer.status === 200) return answer.body;
  if (answer.status === 404 && !passing(answer)) return undefined;
  throw refused(target, "GET", path, answer);
}
