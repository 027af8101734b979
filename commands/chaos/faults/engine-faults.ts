/** Restarts of the engine, and of all containers as such a restart does it. */
import { docker } from "../../../components/engine";
import type { Service } from "../../look/containers-look";
import type { Fault } from "./fault";

const RESTART_MS = 90_000;

const restarted = (all: readonly Service[]): Fault => ({
  name: "restart-all",
  what: "`docker restart` of all containers at once, as the engine does to them when it is restarted itself",
  hands: "none",
  plan: () => ({
    target: "",
    inject: async (place) => {
      const each = all.flatMap((service) => place.containers(service));
      await Promise.all(each.map((container) => docker(["restart", "--time", "10", container], RESTART_MS)));
    },
  }),
});

const engine: Fault = {
  name: "engine-restarted",
  what: "the engine restarted with all that runs in it, by the command of --engine-restart",
  hands: "none",
  onlyNamed: true,
  refused: async ({ engineRestart }) =>
    engineRestart === undefined
      ? "it takes down whatever else runs in the engine, so the command has to be given: --engine-restart 'systemctl restart docker'"
      : undefined,
  plan: () => ({ target: "", inject: (place) => place.restartEngine() }),
};

/** @param all the stack's services */
export function engineFaults(all: readonly Service[]): Fault[] {
  return [restarted(all), engine];
}
