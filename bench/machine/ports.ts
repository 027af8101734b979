import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** The settings of a stack that are ports. */
export interface Ports {
  postgresPort: number;
  kafkaPort: number;
  connectPort: number;
  consumerPort: number;
}

/** Ports on 127.0.0.1 that are free now. They are not of the range from which systems choose ports for connections. */
export async function freePorts(): Promise<Ports> {
  const found = new Set<number>();
  while (found.size < 4) {
    const port = randomInt(20_000, 29_000);
    if (await isFree(port)) found.add(port);
  }
  const [postgresPort, kafkaPort, connectPort, consumerPort] = [...found] as [number, number, number, number];
  return { postgresPort, kafkaPort, connectPort, consumerPort };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
