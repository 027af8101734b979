/** Which faults come, in which order, with which pauses. The same seed gives the same plan. Pure. */
import type { Fault, Stroke } from "./faults/fault";
import { Random } from "./random";

export interface Planned {
  fault: Fault;
  stroke: Stroke;
  /** From the moment when the stack has caught up with the fault before. */
  pauseMs: number;
}

const PAUSE_MS = { least: 500, most: 6000 };

/** Yields without end: all faults in a random order, then all of them in another one. */
export function* planOf(faults: readonly Fault[], seed: number): Generator<Planned, never> {
  const random = new Random(seed);
  for (;;) {
    for (const fault of random.shuffled(faults)) {
      const pauseMs = random.whole(PAUSE_MS.least, PAUSE_MS.most);
      yield { fault, stroke: fault.plan(random), pauseMs };
    }
  }
}
