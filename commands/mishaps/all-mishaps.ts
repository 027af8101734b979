/** All mishaps. */
import type { Random } from "../chaos/random";
import type { Coordination } from "../../components/settings/coordination";
import { type Service, servicesOf } from "../look/containers-look";
import { removeLabelled } from "../processes/docker";
import type { Mishap, Place, Stroke } from "./mishap";

/** About the time of a start of everything, in milliseconds. A run that ends earlier is not killed, which does no harm here. */
const START_MS = 15_000;
const STOP_MS = 8_000;

/** Mishaps by what keeps the broker's metadata: a stack without ZooKeeper has none to lose. */
export const MISHAPS: Record<Coordination, readonly Mishap[]> = {
  zookeeper: mishapsOf(servicesOf("zookeeper")),
  kraft: mishapsOf(servicesOf("kraft")),
};

function mishapsOf(services: readonly Service[]): readonly Mishap[] {
  return [...ofCommands(), ...ofContainers(services), ...ofVolumes(services), ...ofEngineAndState()];
}

/** Mishaps in which a command is killed before its end. */
function ofCommands(): Mishap[] {
  return [
    {
      name: "start-killed",
      what: "`kill -9` of `npm start`, alone or with all that it has started",
      takesRows: false,
      plan: (random) => killed("start", random, START_MS),
    },
    {
      name: "stop-killed",
      what: "the same of `npm stop`",
      takesRows: true,
      plan: (random) => killed("stop", random, STOP_MS),
    },
  ];
}

/** Mishaps that remove containers and their network, and no data. */
function ofContainers(services: readonly Service[]): Mishap[] {
  return [
    {
      name: "stopped",
      what: "some containers, or all, are stopped by hand",
      takesRows: false,
      plan: (random) => toSome(services, random, (place, names) => place.docker("stop", "--time", "2", ...names)),
    },
    {
      name: "removed",
      what: "some containers, or all, are removed by hand",
      takesRows: false,
      plan: (random) => toSome(services, random, removeContainers),
    },
    {
      name: "network-pruned",
      what: "all containers are stopped, and `docker network prune` takes the network",
      takesRows: false,
      plan: () => ({
        target: "",
        happen: async (place) => {
          await attempt(place.docker("stop", "--time", "2", ...services.map(place.named)));
          await attempt(place.docker("network", "rm", place.named("net")));
        },
      }),
    },
  ];
}

/** Mishaps that remove data, with the container that used it. */
function ofVolumes(services: readonly Service[]): Mishap[] {
  return [
    {
      name: "broker-lost",
      what: "the volume of the broker, of ZooKeeper or of both is lost with its container",
      takesRows: false,
      asks: "npm start -- --yes",
      plan: (random) => {
        const both = [["kafka"], ["zookeeper"], ["kafka", "zookeeper"]];
        const roles = random.pick(services.includes("zookeeper") ? both : [["kafka"]]);
        return { target: roles.join(" and "), happen: (place) => loseVolumes(place, roles) };
      },
    },
    {
      name: "consumer-lost",
      what: "the consumer's volume is lost with its container",
      takesRows: false,
      plan: () => ({
        target: "",
        happen: async (place) => {
          await removeContainers(place, [place.named("consumer")]);
          await attempt(place.docker("volume", "rm", place.named("consumer-state")));
        },
      }),
    },
    {
      name: "database-lost",
      what: "the database's volume is lost with its container, and the topics are still there",
      takesRows: true,
      asks: "npm stop",
      plan: () => ({ target: "", happen: (place) => loseVolumes(place, ["postgres"]) }),
    },
  ];
}

/** Mishaps after which the engine and the state differ about the stack. */
function ofEngineAndState(): Mishap[] {
  return [
    {
      name: "engine-new",
      what: "containers, volumes and networks are gone: the engine was reset, or is another one",
      takesRows: true,
      plan: () => ({ target: "", happen: ({ label }) => removeLabelled(label) }),
    },
    {
      name: "engine-switched",
      what: "the engine is one of before, with a stack that the state does not know by its ids",
      takesRows: false,
      asks: "npm start -- --take-over",
      plan: () => ({ target: "", happen: (place) => place.changeIds() }),
    },
    {
      name: "state-lost",
      what: "`git clean` takes the state, and the engine has the stack",
      takesRows: false,
      asks: "npm start -- --take-over",
      plan: () => ({ target: "", happen: (place) => place.forget() }),
    },
  ];
}

function killed(command: "start" | "stop", random: Random, mostMs: number): Stroke {
  const afterMs = random.whole(100, mostMs);
  const withAll = random.pick([true, false]);
  return {
    target: `${(afterMs / 1000).toFixed(1)} s, ${withAll ? "with all it started" : "alone"}`,
    happen: (place) => place.killed(command, afterMs, withAll),
  };
}

function toSome(
  services: readonly Service[],
  random: Random,
  what: (place: Place, names: string[]) => Promise<unknown>,
): Stroke {
  const count = random.whole(1, services.length);
  const roles = random.shuffled(services).slice(0, count);
  return {
    target: count === services.length ? "all" : roles.join(" and "),
    happen: async (place) => void (await attempt(what(place, roles.map(place.named)))),
  };
}

function removeContainers(place: Place, names: string[]): Promise<unknown> {
  return attempt(place.docker("rm", "--force", ...names));
}

async function loseVolumes(place: Place, roles: string[]): Promise<void> {
  await removeContainers(place, roles.map(place.named));
  for (const role of roles) await attempt(place.docker("volume", "rm", place.named(`${role}-data`)));
}

/** Ignores errors: an earlier mishap may have removed the object already. */
function attempt(work: Promise<unknown>): Promise<unknown> {
  return work.catch(() => undefined);
}
