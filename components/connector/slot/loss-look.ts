/** Whether changes are lost to a connector, asked before it is started or resumed. */
import { connectorPath } from "../rest/connect-api";
import { once, type Target } from "../rest/rest";
import { withSession } from "./connector-session";
import { type Loss, lossOf, lossWords } from "./slot-loss";
import { isPostgres, slotOf, type SlotState, slotState, storedPosition } from "./source";
import { standsStill } from "../rest/connector-status";
import type { ConfigValue, ConnectorInputs, ConnectorStatus } from "../connector-types";

/** Whether all rows may be read again, without which what is lost stays so. */
export function readsAgain(config: Record<string, ConfigValue>): boolean {
  return ["when_needed", "always"].includes(String(config["snapshot.mode"]));
}

/** Whether a connector without offsets begins with all rows, and then streams. */
export function readsRows(config: Record<string, ConfigValue>): boolean {
  return readsAgain(config) || String(config["snapshot.mode"] ?? "initial") === "initial";
}

/** The sentence that refuses to go on. */
export function refusal(words: string): string {
  return (
    `${words[0]!.toUpperCase()}${words.slice(1)}. Going on would leave them out without a word. ` +
    "snapshot.mode=when_needed has all rows read again by the next `pulumi up`, which drops what is left of the slot."
  );
}

/** What is lost, as a sentence; undefined when nothing is, or it cannot be told. */
export async function lossNow(target: Target, inputs: ConnectorInputs): Promise<string | undefined> {
  const answer = await once(target, "GET", connectorPath(inputs.connectorName, "/status")).catch(() => undefined);
  return answer?.status === 200 ? lossFor(target, inputs, answer.body as ConnectorStatus) : undefined;
}

/** The same of a connector that was made a moment ago, and is stopped. */
export async function lossOfStopped(target: Target, inputs: ConnectorInputs): Promise<string | undefined> {
  return lossFor(target, inputs, { connector: { state: "STOPPED" }, tasks: [] });
}

async function lossFor(
  target: Target,
  { database, config, connectorName: name, state }: ConnectorInputs,
  status: ConnectorStatus,
): Promise<string | undefined> {
  if (!database || !isPostgres(config) || state !== "RUNNING") return undefined;
  const slot = slotOf(config);
  const [offsets, seen] = await Promise.all([
    once(target, "GET", connectorPath(name, "/offsets")),
    withSession(database, (ask) => slotState(ask, slot)),
  ]).catch(() => []);
  if (offsets?.status !== 200 || seen === undefined) return undefined;
  const loss = lossIn(seen, storedPosition(offsets.body), status);
  return loss && lossWords(slot, loss);
}

/**
 * Pure. A worker that was killed may have told Postgres of records that it had sent and not noted yet: where the connector is about to go on
 * by itself, a slot that is ahead of its offset is no loss.
 */
export function lossIn(slot: SlotState, stored: number | null, status: ConnectorStatus): Loss | undefined {
  const loss = lossOf(slot, stored);
  return slot.active || (loss?.kind === "passed" && !standsStill(status)) ? undefined : loss;
}
