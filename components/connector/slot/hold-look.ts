import { HELD_REMEDY, heldUp, heldWords } from "../../database/blockers";
import { withSession, type Ask } from "./connector-session";
import { roleOf } from "./source";
import type { ConnectorInputs } from "../connector-types";

/** Which other transactions hold the connector up, in words, and the remedy; empty while none does. */
export type HoldLook = () => Promise<{ words?: string; remedy?: string }>;

/** Locks come and go: how long to wait before the first look, and between two looks, in milliseconds. */
const QUIET_MS = 2000;
const EVERY_MS = 1000;

/**
 * Gives `work` a look at the transactions that hold the connector up. It asks as the observer, or as the connector's role where there is
 * no observer or the observer cannot ask.
 *
 * @param asRole a session of the connector's role
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
