import { randomInt } from "node:crypto";
import { isFree } from "../../components/preflight/port-holder";

/**
 * Ports on 127.0.0.1 that nobody holds now, all different. Not from the range out of which systems serve connections
 * and port 0: those may be taken again before the containers get to them.
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

export async function freeStackPorts(): Promise<StackPorts> {
  const [postgresPort, kafkaPort, connectPort, consumerPort] = (await freePorts(4)) as [number, number, number, number];
  return { postgresPort, kafkaPort, connectPort, consumerPort };
}
