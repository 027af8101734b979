/** Whether a connector has lost changes, asked before it is started or resumed. */
import { connectorPath } from "../rest/connect-api";
import { once, type Target } from "../rest/rest";
import { type Ask, withSession } from "./connector-session";
import { type Loss, lossOf, lossWords, rewoundOf } from "./slot-loss";
import { whyUndecodable } from "./decoding";
import { isPostgres, publicationOf, slotOf, type SlotState, slotState, storedPosition } from "./source";
import { standsStill } from "../rest/connector-status";
import type { ConfigValue, ConnectorInputs, ConnectorStatus, SourceDatabase } from "../connector-types";

/** Whether the connector may read all rows again, which makes up for lost changes. */
export function readsAgain(config: Record<string, ConfigValue>): boolean {
  return ["when_needed", "always"].includes(String(config["snapshot.mode"]));
}

/** Whether a connector without offsets takes a snapshot of all rows before it streams. */
export function readsRows(config: Record<string, ConfigValue>): boolean {
  return readsAgain(config) || String(config["snapshot.mode"] ?? "initial") === "initial";
}

/** The refusal of an apply that would go on without the lost changes. @param words the loss, from `lossWords` */
export function refusal(words: string): string {
  return (
    `${words[0]!.toUpperCase()}${words.slice(1)}. Going on would leave them out without a word. ` +
    "snapshot.mode=when_needed has all rows read again by the next `pulumi up`, which drops what is left of the slot."
  );
}

/** The connector's loss as a sentence; undefined when nothing is lost, or when Connect or the database does not answer. */
export async function lossNow(target: Target, inputs: ConnectorInputs): Promise<string | undefined> {
  const answer = await once(target, "GET", connectorPath(inputs.connectorName, "/status")).catch(() => undefined);
  return answer?.status === 200 ? lossFor(target, inputs, answer.body as ConnectorStatus) : undefined;
}

/** The loss of a connector that was just created in the state STOPPED. */
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
  // The slot is asked last: the log then holds all of which an offset is stored.
  const offsets = await once(target, "GET", connectorPath(name, "/offsets")).catch(() => undefined);
  const seen =
    offsets?.status === 200
      ? await withSession(database, (ask) => slotState(ask, slot)).catch(() => undefined)
      : undefined;
  if (offsets?.status !== 200 || seen === undefined) return undefined;
  const stored = storedPosition(offsets.body);
  const loss = lossIn(seen, stored, status) ?? (await undecodable(database, config, seen, stored));
  return loss && lossWords(slot, loss);
}

/** The loss of what a slot holds that no reader can get past. A slot that is read is not one of them. */
async function undecodable(
  database: SourceDatabase,
  config: Record<string, ConfigValue>,
  { exists, active, confirmed = 0n, written }: SlotState,
  stored: number | null,
): Promise<Loss | undefined> {
  if (!exists || active || config["plugin.name"] !== "pgoutput") return undefined;
  const look = (ask: Ask): Promise<string | undefined> => whyUndecodable(ask, slotOf(config), publicationOf(config));
  const reason = await withSession(database, look);
  const from = stored === null ? confirmed : BigInt(stored);
  return reason === undefined ? undefined : { kind: "undecodable", from, to: written ?? from, reason };
}

/**
 * Pure: the loss, if any, of an offset that was asked before the slot. A killed worker may have confirmed records to Postgres that it had sent to Kafka, before it wrote their offset.
 * Its slot is then ahead of the offset, which is no loss while the connector goes on by itself.
 */
export function lossIn(slot: SlotState, stored: number | null, status: ConnectorStatus): Loss | undefined {
  const rewound = stored === null ? undefined : rewoundOf(slot, stored);
  if (rewound !== undefined) return rewound;
  const loss = lossOf(slot, stored);
  return slot.active || (loss?.kind === "passed" && !standsStill(status)) ? undefined : loss;
}
