import { HELD_REMEDY, heldUp, heldWords } from "../../database/blockers";
import { withSession, type Ask } from "./connector-session";
import { roleOf } from "./source";
import type { ConnectorInputs } from "../connector-types";

/** Which transactions of others hold the connector up, as it is said, and what mends it; empty while none does. */
export type HoldLook = () => Promise<{ words?: string; remedy?: string }>;

/** Locks come and go; how long is left alone, and how often is looked, in milliseconds. */
const QUIET_MS = 2000;
const EVERY_MS = 1000;

/**
 * Looks as the observer where there is one that may log in.
 *
 * @param asRole as the connector's role
 */
export async function withHoldLook<T>(
  asRole: Ask,
  inputs: ConnectorInputs,
  work: (held: HoldLook) => Promise<T>,
): Promise<T> {
  const { database, observer, connectorName } = inputs;
  const role = roleOf(inputs) ?? "";
  return withSession({ ...database!, ...observer }, (asObserver) => {
    let ask = observer ? asObserver : asRole;
    let next = Date.now() + QUIET_MS;
    let seen: Awaited<ReturnType<HoldLook>> = {};
    return work(async () => {
      if (Date.now() < next) return seen;
      const held = await ask((client) => heldUp(client, { role })).catch(() => {
        ask = asRole;
        return undefined;
      });
      seen = held ? { words: heldWords(held, `connector ${connectorName}`), remedy: HELD_REMEDY } : {};
      next = Date.now() + EVERY_MS;
      return seen;
    });
  });
}
