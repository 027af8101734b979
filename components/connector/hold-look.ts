import { HELD_REMEDY, heldUp, heldWords } from "../blockers";
import type { Ask } from "./session";
import type { ConnectorInputs } from "./types";

/** Which transactions of others hold the connector up, as it is said, and what mends it; empty while none does. */
export type HoldLook = () => Promise<{ words?: string; remedy?: string }>;

/** Locks come and go; how long is left alone, and how often is looked, in milliseconds. */
const QUIET_MS = 2000;
const EVERY_MS = 1000;

/** @param ask as the observer, else as the connector's role */
export function holdLook(ask: Ask, { database, connectorName }: ConnectorInputs): HoldLook {
  let next = Date.now() + QUIET_MS;
  let seen: Awaited<ReturnType<HoldLook>> = {};
  return async () => {
    if (Date.now() < next) return seen;
    const held = await ask((client) => heldUp(client, { role: database!.user })).catch(() => undefined);
    seen = held ? { words: heldWords(held, `connector ${connectorName}`), remedy: HELD_REMEDY } : {};
    next = Date.now() + EVERY_MS;
    return seen;
  };
}
