import { randomInt } from "node:crypto";
import { isFree } from "../../components/preflight/port-holder";
import { indexes, memberPort } from "../../components/cluster/members";

/**
 * Different ports on 127.0.0.1 that nobody holds now. None is from the range that systems take for outgoing connections and
 * for port 0: another process could take such a port before the container does.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(20_000, 29_000);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

/** The stack's settings of this kind. */
export interface StackPorts {
  postgresPort: number;
  kafkaPort: number;
  connectPort: number;
  consumerPort: number;
}

/** @param settings how many there are of each: of several the further ones' ports follow the first's */
export async function freeStackPorts(settings: Record<string, string> = {}): Promise<StackPorts> {
  const taken = new Set<number>();
  const first = async (count = "1"): Promise<number> => {
    for (;;) {
      const port = randomInt(20_000, 29_000);
      const all = indexes(Number(count)).map((index) => memberPort(port, index));
      if (all.some((each) => taken.has(each))) continue;
      const free = await Promise.all(all.map(isFree));
      if (free.includes(false)) continue;
      for (const each of all) taken.add(each);
      return port;
    }
  };
  return {
    postgresPort: await first(),
    kafkaPort: await first(settings["brokers"]),
    connectPort: await first(settings["connectWorkers"]),
    consumerPort: await first(settings["consumers"]),
  };
}
