import { HELD_REMEDY, heldUp, heldWords, waitersOf, waitersWords } from "../../database/blockers";
import { withSession, type Ask } from "./connector-session";
import { roleOf } from "./source";
import type { ConnectorInputs } from "../connector-types";

/**
 * Which other transactions hold the connector up, in words, and the remedy; and which wait for its snapshot to end. Empty while there are
 * none.
 */
export type HoldLook = () => Promise<{ words?: string; remedy?: string; waiting?: string }>;

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
      const waiters = await ask((client) => waitersOf(client, role)).catch(() => []);
      seen = {
        ...(held && { words: heldWords(held, `connector ${connectorName}`), remedy: HELD_REMEDY }),
        ...(waiters.length > 0 && { waiting: waitersWords(waiters) }),
      };
      next = Date.now() + EVERY_MS;
      return seen;
    });
  });
}
