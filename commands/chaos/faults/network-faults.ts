/** Faults of the network. */
import { docker } from "../../../components/engine";
import type { Service } from "../../look/containers-look";
import type { Fault } from "./fault";

const SHORT_MS = 30_000;

/** @param all the stack's services */
export const networkCut = (all: readonly Service[]): Fault => ({
  name: "network-cut",
  what: "`docker network disconnect` of one container, `connect` after some seconds",
  hands: "none",
  plan: (random) => {
    const [service, seconds] = [random.pick(all), random.whole(5, 20)];
    let aliases: string[] = [];
    return {
      target: `${service}, ${seconds} s`,
      lastsMs: seconds * 1000,
      inject: async (place) => {
        const { network } = place;
        const format = `{{json (index .NetworkSettings.Networks "${network}").Aliases}}`;
        const text = await docker(["inspect", "--format", format, place.container(service)], SHORT_MS);
        aliases = (JSON.parse(text) as string[] | null) ?? [];
        await docker(["network", "disconnect", network, place.container(service)], SHORT_MS);
      },
      heal: async (place) => {
        // The others know it by these names, and `connect` knows none of them by itself.
        const names = aliases.flatMap((alias) => ["--alias", alias]);
        await docker(["network", "connect", ...names, place.network, place.container(service)], SHORT_MS);
      },
    };
  },
});
