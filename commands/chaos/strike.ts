/** One fault, from its beginning until the stack is well again. */
import { setTimeout as sleep } from "node:timers/promises";
import { caughtUp } from "./caught-up";
import { poll } from "../../components/poll";
import { type Hands, isLossy, type Place } from "./faults/fault";
import type { Planned } from "./chaos-plan";

/** The doctor is asked so long after a fault's beginning, if the stack has not recovered by then. */
const DOCTOR_AFTER_MS = 10_000;
/** How long the stack may take to recover by itself, and again after `npm start`. */
const ALONE_MS = 90_000;
const AFTER_START_MS = 60_000;
/** After a fault that needs a person, the wait ends once the doctor has been asked. */
const NEEDS_HANDS_MS = DOCTOR_AFTER_MS + 2_000;

export interface Struck {
  fault: string;
  target: string;
  /** When the fault began, and when it was ended or its repair began, in ms since 1970. */
  from: number;
  healed: number;
  /** What a person had to do, and what the table of faults expects. */
  hands: Hands;
  expectedHands: Hands;
  /** Whether the fault may lose changes that nobody can read any more. */
  lossy: boolean;
  /** After a loss: seconds until the consumer reported it; null: it did not. */
  saidSeconds?: number | null;
  /** A loss that the consumer reported though all changes can be read again. */
  untrue?: string;
  /** After a loss and its remedy: the tables that `verify` found unequal to their topics, or why it could not compare. */
  unequal?: readonly string[];
  /** Why `/healthz` of the consumer was not ok after 10 s, or that it did not answer; null: it was ok; undefined: all was well before that. */
  health?: string | null;
  /** What the doctor's first red line said after 10 s; null: it was not red; undefined: all was well before that. */
  doctor: string | null | undefined;
}

interface Around {
  place: Place;
  feedUrl: string;
  doctor(): Promise<string | null>;
  /** Why the consumer says it is not ok; null: it is. */
  health(): Promise<string | null>;
  losses(): Promise<readonly string[]>;
  signal: AbortSignal;
}

/** @throws when the stack is not well even after `npm start` */
export async function strike(planned: Planned, around: Around): Promise<Struck> {
  const { fault, stroke } = planned;
  const { place, feedUrl, doctor, health, losses, signal } = around;
  const known = await losses();
  const from = Date.now();
  await stroke.prepare?.(place);
  const begun = Date.now();
  let well = false;
  // The doctor is asked in the background, so that it does not delay anything.
  const asked = (async () => {
    await sleep(DOCTOR_AFTER_MS, undefined, { signal, ref: false });
    return well ? undefined : Promise.all([health(), doctor()]);
  })();
  asked.catch(() => undefined);
  const said = isLossy(fault) ? saidAfter(around, fault.hands, known) : undefined;
  await stroke.inject(place);
  if (stroke.lastsMs !== undefined) await sleep(stroke.lastsMs, undefined, { signal });
  await stroke.heal?.(place);
  let healed = Date.now();
  let hands: Struck["hands"] = "none";
  const saidSeconds = await said;
  well = await caughtUp(feedUrl, healed, fault.hands === "none" ? ALONE_MS : NEEDS_HANDS_MS, signal);
  // Lost changes stay lost, even when later ones flow again.
  if (!well || saidSeconds !== undefined) {
    hands = fault.hands === "read again" ? "read again" : "npm start";
    await asked;
    healed = Date.now();
    await (hands === "read again" ? place.readAgain() : place.start());
    if (!(await caughtUp(feedUrl, Date.now(), AFTER_START_MS, signal)))
      throw new Error(`${fault.name}: not well ${AFTER_START_MS / 1000} s after \`npm start\`: ${await doctor()}`);
    well = true;
  }
  const untrue = isLossy(fault) ? undefined : (await losses()).find((sentence) => !known.includes(sentence));
  const waited = Date.now() - begun >= DOCTOR_AFTER_MS;
  const [ofHealth, ofDoctor] = (waited ? await asked : undefined) ?? [];
  return {
    ...{ fault: fault.name, target: stroke.target, from, healed, hands, expectedHands: fault.hands },
    ...{ lossy: isLossy(fault), health: ofHealth, doctor: ofDoctor },
    ...(saidSeconds !== undefined && { saidSeconds }),
    ...(untrue !== undefined && { untrue }),
  };
}

/** How long the report of a loss may take. The connector is stopped first, and the slot is touched only after that. */
const SAID_MS = 30_000;

/**
 * @param hands `read again`: the report is a loss that `/healthz` names; else it is that the consumer is not well
 * @param known losses that were reported before the fault
 */
async function saidAfter(
  { losses, health, signal }: Around,
  hands: Hands,
  known: readonly string[],
): Promise<number | null> {
  const from = Date.now();
  return poll<number>(
    async () => {
      signal.throwIfAborted();
      const all = hands === "read again" ? await losses() : [await health()];
      const first = all.find((sentence) => sentence !== null && !known.includes(sentence));
      return first === undefined ? { done: false, seen: "nothing" } : { done: true, value: (Date.now() - from) / 1000 };
    },
    { what: "the consumer to say what is lost", deadlineMs: SAID_MS, intervalMs: 100 },
  ).catch(() => null);
}
