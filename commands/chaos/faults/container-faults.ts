/** Faults of containers and their processes. */
import type { Service } from "../../look/containers-look";
import type { Random } from "../random";
import { pause, unpause } from "../tools/pause";
import { signal } from "../tools/signal";
import type { Fault, Place } from "./fault";

/** All containers of these services. */
function everyOne(services: readonly Service[], place: Place): string[] {
  return services.flatMap((service) => place.containers(service));
}

function killing(services: readonly Service[]) {
  return {
    target: services.join(" and "),
    inject: async (place: Place) => {
      await Promise.all(services.map((service) => signal("KILL", place.container(service))));
    },
  };
}

const killOne = (service: Service): Fault => ({
  name: `kill-${service}`,
  what: `SIGKILL to all processes of the ${service} container`,
  hands: "none",
  plan: () => ({ ...killing([service]), target: "" }),
});

const killTwo = (all: readonly Service[]): Fault => ({
  name: "kill-two",
  what: "SIGKILL to all processes of two containers at once",
  hands: "none",
  plan: (random) => killing(random.shuffled(all).slice(0, 2)),
});

const killAll = (all: readonly Service[]): Fault => ({
  name: "kill-all",
  what: "SIGKILL to all processes of all containers at once",
  hands: "none",
  plan: () => ({
    target: "",
    inject: async (place) => {
      await Promise.all(everyOne(all, place).map((container) => signal("KILL", container)));
    },
  }),
});

const pauseOne = (all: readonly Service[]): Fault => ({
  name: "pause",
  what: "`docker pause` of one container for some seconds",
  hands: "none",
  plan: (random) => {
    const [service, seconds] = [random.pick(all), random.whole(5, 20)];
    return {
      target: `${service}, ${seconds} s`,
      lastsMs: seconds * 1000,
      inject: (place) => pause(place.container(service)),
      heal: (place) => unpause(place.container(service)),
    };
  },
});

const sleep = (all: readonly Service[]): Fault => ({
  name: "sleep",
  what: "SIGSTOP to all processes of all containers, SIGCONT after some seconds, as when a laptop sleeps",
  hands: "none",
  plan: (random: Random) => {
    const seconds = random.whole(10, 40);
    const each = async (name: "STOP" | "CONT", place: Place): Promise<void> => {
      await Promise.all(everyOne(all, place).map((container) => signal(name, container)));
    };
    return {
      target: `${seconds} s`,
      lastsMs: seconds * 1000,
      inject: (place) => each("STOP", place),
      heal: (place) => each("CONT", place),
    };
  },
});

const pauseAll = (all: readonly Service[]): Fault => ({
  name: "pause-all",
  what: "`docker pause` of all containers for a minute: a laptop's lid",
  hands: "none",
  plan: () => {
    const each = async (act: typeof unpause, place: Place): Promise<void> => {
      await Promise.all(everyOne(all, place).map((container) => act(container)));
    };
    return {
      target: "60 s",
      lastsMs: 60_000,
      inject: (place) => each(pause, place),
      heal: (place) => each(unpause, place),
    };
  },
});

/** @param all the stack's services */
export function containerFaults(all: readonly Service[]): Fault[] {
  return [...all.map(killOne), killTwo(all), killAll(all), pauseOne(all), pauseAll(all), sleep(all)];
}
