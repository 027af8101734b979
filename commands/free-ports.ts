import { createServer, type AddressInfo } from "node:net";

/** Ports on 127.0.0.1 that nobody holds now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
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
