import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** A proxy that gives its clients another session's key than the server's, as PgBouncer does. */
export class Pooler {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port of the Postgres behind it */
  static async start(port: number): Promise<Pooler> {
    const server = createServer((client) => {
      const upstream = connect(port, "127.0.0.1");
      for (const socket of [client, upstream]) {
        pooler.sockets.add(socket);
        socket.on("error", () => socket.destroy()).on("close", () => (client.destroy(), upstream.destroy()));
      }
      client.pipe(upstream);
      upstream.on("data", (chunk: Buffer) => client.write(withOwnKey(chunk)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const pooler = new Pooler(server, (server.address() as AddressInfo).port);
    return pooler;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

/** Replaces BackendKeyData: the letter K, a length of 12, the process, a secret. It comes in one chunk with its neighbours. */
function withOwnKey(chunk: Buffer): Buffer {
  const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
  if (at >= 0) chunk.writeInt32BE(4711, at + 5);
  return chunk;
}
