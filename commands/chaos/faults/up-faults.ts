/** Faults of `pulumi up`. */
import type { Fault } from "./fault";

export const upKilled: Fault = {
  name: "up-killed",
  what: "`pulumi up` killed with all its processes, some seconds after it began",
  hands: "none",
  plan: (random) => {
    const seconds = random.whole(2, 12);
    return { target: `${seconds} s`, inject: (place) => place.killedUp(seconds * 1000) };
  },
};
