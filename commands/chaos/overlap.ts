/** Two faults at once. Pure, but for the place to which they are done. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Planned } from "./chaos-plan";
import type { Fault, Place, Stroke } from "./faults/fault";

/** How long a fault is tried again when the other one has taken its container down. */
const INSIST_MS = 60_000;
const AGAIN_MS = 500;

/** Faults that may be done beside another one: the stack recovers from each by itself, whatever the other one left. */
export function overlapping(faults: readonly Fault[]): Fault[] {
  return faults.filter(({ hands, loses }) => hands === "none" && loses === undefined);
}

/** Yields pairs of two different faults, without end. */
export function* faultPairs(plan: Iterator<Planned, never>): Generator<Planned, never> {
  for (;;) {
    const first = plan.next().value;
    let second = plan.next().value;
    while (second.fault.name === first.fault.name) second = plan.next().value;
    yield together(first, second);
  }
}

/** @param second begins while the first one lasts: half-way through it, if it lasts for a time */
function together(first: Planned, second: Planned): Planned {
  const shown = ({ fault, stroke }: Planned): string => [fault.name, stroke.target].filter(Boolean).join(": ");
  const { disks = second.fault.disks } = first.fault;
  const fault: Fault = {
    name: [first.fault.name, second.fault.name].join(" + "),
    what: `${first.fault.what}; ${second.fault.what}`,
    hands: "none",
    ...(disks && { disks }),
    plan: () => stroke,
  };
  const stroke: Stroke = {
    target: [shown(first), shown(second)].join(", "),
    inject: async (place) => {
      const later = async (): Promise<void> => {
        await sleep((first.stroke.lastsMs ?? 0) / 2);
        await whole(second.stroke, place);
      };
      await Promise.all([whole(first.stroke, place), later()]);
    },
  };
  return { fault, stroke, pauseMs: first.pauseMs };
}

async function whole({ inject, lastsMs, heal }: Stroke, place: Place): Promise<void> {
  await insist(() => inject(place));
  if (lastsMs !== undefined) await sleep(lastsMs);
  if (heal) await insist(() => heal(place));
}

async function insist(work: () => Promise<void>): Promise<void> {
  const until = Date.now() + INSIST_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(AGAIN_MS);
    }
  }
}
