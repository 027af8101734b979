/** Faults of the network. */
import { docker } from "../../../components/engine";
import type { Service } from "../../look/containers-look";
import type { Random } from "../random";
import { inNetworkOf } from "../tools/tools-image";
import type { Fault, Place, Stroke } from "./fault";

const SHORT_MS = 30_000;

const disconnected = (all: readonly Service[]): Fault => ({
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
        // The other containers know it by these names, which `docker network connect` does not set by itself.
        const names = aliases.flatMap((alias) => ["--alias", alias]);
        await docker(["network", "connect", ...names, place.network, place.container(service)], SHORT_MS);
      },
    };
  },
});

/** Services that speak with each other. */
const PAIRS: readonly (readonly [Service, Service])[] = [
  ["connect", "postgres"],
  ["connect", "kafka"],
  ["kafka", "zookeeper"],
  ["consumer", "kafka"],
  ["consumer", "postgres"],
  ["consumer", "connect"],
];

const OUTSIDE = "! -i lo";
const DROP_ALL_RULES = "iptables -F INPUT; iptables -F OUTPUT";

/** Packets between the two are dropped, so that neither learns that its connections are dead. */
const betweenTwo = (all: readonly Service[]): Fault => ({
  name: "network-cut-between",
  what: "all packets between two containers dropped for some seconds, without a word to either",
  hands: "none",
  refused: () => cannot("iptables -A INPUT -s 192.0.2.1 -j DROP", "iptables"),
  plan: (random) => {
    const pairs = PAIRS.filter((pair) => pair.every((service) => all.includes(service)));
    const [[one, other], seconds] = [random.pick(pairs), random.whole(5, 20)];
    return {
      target: `${one} and ${other}, ${seconds} s`,
      lastsMs: seconds * 1000,
      inject: async (place) => {
        const format = `{{(index .NetworkSettings.Networks "${place.network}").IPAddress}}`;
        const ips = await docker(["inspect", "--format", format, ...place.containers(other)], SHORT_MS);
        const rules = ips
          .split("\n")
          .map((ip) => `iptables -A INPUT -s ${ip} -j DROP; iptables -A OUTPUT -d ${ip} -j DROP`);
        await ofEach(place.containers(one), rules.join("; "));
      },
      heal: (place) => ofEach(place.containers(one), DROP_ALL_RULES),
    };
  },
});

const lossy = (all: readonly Service[]): Fault => ({
  name: "packet-loss",
  what: "one container's packets lost by chance, in both directions, for some seconds",
  hands: "none",
  refused: () =>
    cannot("iptables -A INPUT -m statistic --mode random --probability 0.1 -j DROP", "iptables' statistic"),
  plan: (random) => {
    const percent = random.whole(5, 30);
    const rule = `-m statistic --mode random --probability ${percent / 100} -j DROP`;
    return troubled(all, random, `${percent} % lost`, {
      begin: `iptables -A INPUT ${OUTSIDE} ${rule}; iptables -A OUTPUT ${OUTSIDE.replace("-i", "-o")} ${rule}`,
      end: DROP_ALL_RULES,
    });
  },
});

/** The interface to the other containers. Its name changes when the container is cut off and connected again. */
const DEVICE = "dev=$(ip -o -4 route show default | sed 's/.* dev \\([^ ]*\\).*/\\1/')";
const NO_QUEUE = `${DEVICE}; tc qdisc del dev $dev root`;

const slow = (all: readonly Service[]): Fault => ({
  name: "network-slow",
  what: "one container's packets delayed by netem for some seconds",
  hands: "none",
  refused: () => cannot("tc qdisc add dev lo root netem delay 1ms", "netem"),
  plan: (random) => {
    const ms = random.whole(20, 300);
    const begin = `${DEVICE}; tc qdisc replace dev $dev root netem delay ${ms}ms ${Math.round(ms / 3)}ms`;
    return troubled(all, random, `${ms} ms`, { begin, end: NO_QUEUE });
  },
});

const narrow = (all: readonly Service[]): Fault => ({
  name: "network-narrow",
  what: "what one container sends squeezed through a narrow line for some seconds, with a second's queue before it",
  hands: "none",
  refused: () => cannot("tc qdisc add dev lo root tbf rate 1mbit burst 16kb latency 1s", "tbf"),
  plan: (random) => {
    const kbit = random.whole(256, 2048);
    const begin = `${DEVICE}; tc qdisc replace dev $dev root tbf rate ${kbit}kbit burst 16kb latency 1s`;
    return troubled(all, random, `${kbit} kbit/s`, { begin, end: NO_QUEUE });
  },
});

/** A fault that one script makes in a container, and another one ends. */
function troubled(
  all: readonly Service[],
  random: Random,
  how: string,
  { begin, end }: { begin: string; end: string },
): Stroke {
  const [service, seconds] = [random.pick(all), random.whole(10, 30)];
  const here = (place: Place): string[] => [place.container(service)];
  return {
    target: `${service}, ${how}, ${seconds} s`,
    lastsMs: seconds * 1000,
    inject: (place) => ofEach(here(place), begin),
    heal: (place) => ofEach(here(place), end),
  };
}

async function ofEach(containers: readonly string[], script: string): Promise<void> {
  await Promise.all(containers.map((container) => inNetworkOf(`container:${container}`, script)));
}

/** Why the script cannot be run here; undefined: it can. It is tried in a container without a network. */
async function cannot(script: string, what: string): Promise<string | undefined> {
  return inNetworkOf("none", script).then(
    () => undefined,
    (error: Error) => `the kernel under the engine has no ${what} (${error.message})`,
  );
}

/** @param all the stack's services */
export function networkFaults(all: readonly Service[]): Fault[] {
  return [disconnected(all), betweenTwo(all), lossy(all), slow(all), narrow(all)];
}
