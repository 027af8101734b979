/** Whether a connector has lost changes, asked before it is started or resumed. */
import { poll, tried } from "../../poll";
import { connectorPath } from "../rest/connect-api";
import { messageOf, once, refused, type Target } from "../rest/rest";
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

/** Whether a connector without offsets takes a snapshot of all rows first. */
export function readsRows(config: Record<string, ConfigValue>): boolean {
  return readsAgain(config) || ["initial", "initial_only"].includes(String(config["snapshot.mode"] ?? "initial"));
}

/** The refusal of an apply that would go on without the lost changes. @param words the loss, from `lossWords` */
export function refusal(words: string): string {
  return (
    `${words[0]!.toUpperCase()}${words.slice(1)}. Going on would leave them out without a word. ` +
    "snapshot.mode=when_needed has all rows read again by the next `pulumi up`, which drops what is left of the slot."
  );
}

/** Whether a connector with these inputs can lose changes that the database tells of: it is to run and to stream. */
export function canLose({ database, config, state }: ConnectorInputs): boolean {
  return database !== undefined && isPostgres(config) && state === "RUNNING" && streams(config);
}

/** Whether the connector reads the log at all. Otherwise it makes no slot, and takes no signal. */
export function streams(config: Record<string, ConfigValue>): boolean {
  return config["snapshot.mode"] !== "initial_only";
}

/**
 * The connector's loss as a sentence; undefined when nothing is lost, or when Connect or the database does not answer: for previews.
 *
 * @param former the slot that it has read so far
 */
export async function lossNow(target: Target, inputs: ConnectorInputs, former?: string): Promise<string | undefined> {
  const { lost } = await askedOnce(target, inputs, { former }).catch((): Asked => ({}));
  return lost;
}

/** What offsets and slot tell. */
export interface Asked {
  /** Lost changes, as a sentence. */
  lost?: string;
  /** How far the connector has read, in bytes from the log's beginning; null: it has no offset; undefined: it was not asked, or Connect has no such answer. */
  stored?: number | null;
}

/**
 * The same before the connector is started or resumed: asks until it has answers. "Not known" would be taken for "nothing is lost", and the
 * connector would go on without a word. Of several workers, one that has not heard of a new connector yet says that there is none.
 *
 * @param isMade whether the connector was just created, in the state STOPPED
 * @param former the slot that it has read so far
 * @throws naming what could not be asked by the deadline
 */
export async function lossBefore(
  target: Target,
  inputs: ConnectorInputs,
  isMade = false,
  former?: string,
): Promise<Asked> {
  if (!canLose(inputs)) return {};
  return poll<Asked>(() => tried(askedOnce(target, inputs, { former, ...(isMade && { known: STOPPED }) })), {
    what: `word of whether changes are lost to connector ${inputs.connectorName}`,
    deadlineMs: Math.max(target.until - Date.now(), 1),
    remedy: "Without it the connector could go on behind lost changes without a word, so nothing was started.",
  });
}

const STOPPED: ConnectorStatus = { connector: { state: "STOPPED" }, tasks: [] };

/** @throws when Connect or the database does not answer */
async function askedOnce(
  target: Target,
  inputs: ConnectorInputs,
  { known, former }: { known?: ConnectorStatus; former?: string },
): Promise<Asked> {
  const { database, config, connectorName: name } = inputs;
  if (!canLose(inputs)) return {};
  const slot = slotOf(config);
  const status = known ?? (await answered(target, connectorPath(name, "/status")));
  const offsets = await answered(target, connectorPath(name, "/offsets"));
  // A Connect without that question.
  if (status === undefined || offsets === undefined) return {};
  // The slot is asked last: the log then holds all of which an offset is stored.
  const seen = await withSession(database!, (ask) => slotState(ask, slot)).catch((error: Error) => {
    throw new Error(`the database cannot be asked for slot ${slot}: ${error.message}`);
  });
  const stored = storedPosition(offsets);
  // Of another slot than the one that it has read, no connector goes on by itself.
  const isOther = former !== undefined && former !== slot;
  const loss =
    lossIn(seen, stored, isOther ? STOPPED : (status as ConnectorStatus)) ??
    (await undecodable(database!, config, seen, stored));
  return { stored, ...(loss && { lost: lossWords(slot, loss, former) }) };
}

/** The answer's body; undefined where this Connect knows no such question. @throws on any other answer */
async function answered(target: Target, path: string): Promise<unknown> {
  const answer = await once(target, "GET", path);
  if (answer.status === 200) return answer.body;
  if (answer.status === 405 || (answer.status === 404 && /^HTTP 404/.test(messageOf(answer.body)))) return undefined;
  throw refused(target, "GET", path, answer);
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
