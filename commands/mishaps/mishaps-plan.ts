/** The mishaps of each round. The same seed gives the same rounds. Pure. */
import { Random } from "../chaos/random";
import type { Mishap, Stroke } from "./mishap";

export interface Happening {
  mishap: Mishap;
  stroke: Stroke;
}

const MOST_A_ROUND = 3;

/** Yields rounds without end. Each has one to three different mishaps, and every mishap is the first of a round before one is so again. */
export function* planOf(mishaps: readonly Mishap[], seed: number): Generator<Happening[], never> {
  const random = new Random(seed);
  for (;;) {
    for (const first of random.shuffled(mishaps)) {
      const others = random.shuffled(mishaps.filter((each) => each !== first));
      const round = [first, ...others.slice(0, random.whole(0, MOST_A_ROUND - 1))];
      yield round.map((mishap) => ({ mishap, stroke: mishap.plan(random) }));
    }
  }
}
