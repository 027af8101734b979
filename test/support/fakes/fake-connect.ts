import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { FakeConnectors, type Reply, trouble } from "./fake-connectors";

export const POSTGRES = "io.debezium.connector.postgresql.PostgresConnector";

/** Names of the fields that the fake knows, as `/validate` lists them. */
const FIELDS = [
  ...["name", "connector.class", "tasks.max", "key.converter", "value.converter", "topic.prefix", "plugin.name"],
  ...["database.hostname", "database.port", "database.user", "database.password", "database.dbname"],
  ...["table.include.list", "table.exclude.list", "slot.name", "publication.name", "snapshot.mode", "converters"],
  ...["max.batch.size", "max.queue.size", "max.queue.size.in.bytes", "poll.interval.ms"],
  ...["signal.data.collection", "slot.drop.on.stop"],
];

/** A fake Kafka Connect in this process, which can be made to fail in various ways. */
export class FakeConnect extends FakeConnectors {
  /** All requests in the form `PUT /connectors/a/config`, polls of health and status included. */
  readonly requests: string[] = [];
  /** Field errors for `/validate`. */
  invalid: Record<string, { errors: string[]; recommended_values?: string[] }> = {};
  /** Names of further fields that it has. */
  further: string[] = [];
  /** Whether its connector has every key of a config that it validates. */
  knowsAll = false;
  /** Milliseconds before each answer. */
  slowMs = 0;
  /** How many requests to answer with 409, as in a rebalance. */
  rebalances = 0;
  /** How many requests to answer with a plain 404 page, as before the routes exist. */
  bare = 0;
  /** How many requests to answer with 500 and Connect's message for a worker that is starting. */
  timeouts = 0;
  /** Whether it does not join its group before a config is validated. */
  joining = false;
  /** Changes an answer before it is sent. */
  mutate: ((reply: Reply, request: string) => Reply) | undefined;
  /** The token that all requests but GET must have, as with the guard; undefined: none. */
  token: string | undefined;
  /** The header `Authorization` that every request must have; undefined: none. */
  guard: string | undefined;
  /** Further classes that it has. */
  classes: string[] = [];
  /** Of Debezium. */
  version = "3.7.0.Final";
  /** Id of the cluster to which it writes. */
  clusterId = "fake";
  /** Key and certificate with which it uses TLS; undefined: it uses plain HTTP. */
  private tls: { cert: string; key: string } | undefined;
  /** How many connections to close without an answer after the request has taken effect. */
  swallowed = 0;
  private server: Server | undefined;
  private port = 0;

  static async start(tls?: { cert: string; key: string }): Promise<FakeConnect> {
    const fake = new FakeConnect();
    fake.tls = tls;
    await fake.comeBack();
    return fake;
  }

  get url(): string {
    return `http${this.tls ? "s" : ""}://127.0.0.1:${this.port}`;
  }

  /** Listens again on its earlier port. */
  async comeBack(): Promise<void> {
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response);
    const server = this.tls ? createTlsServer(this.tls, serve) : createServer(serve);
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  /** Stops listening: connections are refused from now on. */
  async vanish(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** The requests that change something. */
  get writes(): string[] {
    return this.requests.filter((line) => !line.startsWith("GET") && !line.endsWith("/validate"));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const path = request.url ?? "/";
    this.requests.push(`${request.method} ${path}`);
    const barred = this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`;
    const isLetIn = this.guard === undefined || request.headers.authorization === this.guard;
    const asked = (): Reply => this.answer(request.method ?? "GET", path, text === "" ? undefined : JSON.parse(text));
    const usual = !isLetIn
      ? { status: 401, body: "User cannot access the resource." }
      : barred && request.method !== "GET"
        ? trouble(403, "needs the header")
        : asked();
    const reply = this.mutate?.(usual, `${request.method} ${path}`) ?? usual;
    if (this.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.slowMs));
    if (this.swallowed > 0 && request.method !== "GET" && !path.endsWith("/validate")) {
      this.swallowed--;
      request.socket.destroy();
      return;
    }
    const plain = typeof reply.body === "string";
    response.writeHead(reply.status, {
      "content-type": plain ? "text/html" : "application/json",
      ...(reply.location !== undefined && { location: reply.location }),
    });
    response.end(plain ? reply.body : JSON.stringify(reply.body));
  }

  private answer(method: string, url: string, body: unknown): Reply {
    if (this.bare > 0 && this.bare--) return { status: 404, body: "<html><title>Error 404 Not Found</title></html>" };
    const { pathname: path, searchParams: query } = new URL(url, this.url);
    if (path === "/health" && this.joining) return trouble(503, "Worker is still starting up.");
    if (path === "/health") return { status: 200, body: { status: "healthy" } };
    if (path === "/") return { status: 200, body: { version: "3.9.2", kafka_cluster_id: this.clusterId } };
    if (this.rebalances > 0 && this.rebalances--) {
      return trouble(
        409,
        "Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)",
      );
    }
    if (this.timeouts > 0 && this.timeouts--)
      return trouble(500, "Request timed out. The worker is currently starting up.");
    if (path === "/connector-plugins")
      return {
        status: 200,
        body: [
          { class: POSTGRES, type: "source", version: this.version },
          { class: "org.apache.kafka.connect.json.JsonConverter", type: "converter" },
          ...this.classes.map((each) => ({ class: each, type: "converter" })),
        ],
      };
    if (path.endsWith("/config/validate")) return this.validate(path, body as Record<string, string>);
    if (path === "/connectors" && method === "GET") return { status: 200, body: [...this.connectors.keys()] };
    if (path === "/connectors") return this.create(body as never);
    const [, , name = "", ...rest] = path.split("/").map(decodeURIComponent);
    return this.about(method, name, rest.join("/"), query, body);
  }

  private validate(path: string, config: Record<string, string>): Reply {
    this.joining = false;
    const type = decodeURIComponent(path.split("/")[2] ?? "");
    if (type !== POSTGRES) {
      const known = `available connectors are: PluginDesc{klass=class ${POSTGRES}}`;
      return trouble(
        500,
        `Failed to find any class that implements Connector and which name matches ${type}, ${known}`,
      );
    }
    if (Number.isNaN(Number(config["producer.override.linger.ms"] ?? 0))) {
      const value = config["producer.override.linger.ms"];
      return trouble(
        500,
        `ConfigException: Invalid value ${value} for configuration linger.ms: Not a number of type LONG`,
      );
    }
    const fields = new Set([...FIELDS, ...this.further, ...(this.knowsAll ? Object.keys(config) : [])]);
    const configs = [...fields].map((name) => ({
      definition: { name },
      value: { name, value: config[name] ?? null, recommended_values: [], errors: [], ...this.invalid[name] },
    }));
    return { status: 200, body: { name: type, error_count: Object.keys(this.invalid).length, configs } };
  }
}
