import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../commands/processes/free-ports";
import { secretsWorkerProperties } from "../../components/connector";
import type { ConnectAccess } from "../../components/existing/connect-access";
import { workerSecurity } from "../../components/existing/worker-security";
import { poll } from "../../components/poll";
import { properties } from "../../components/container/properties";
import type { SecureKafka } from "./secure-kafka";
import { IMAGE } from "./secure-kafka";
import { docker } from "./stack";

const USER = "operator";
const PASSWORD = "guarded:word";

/**
 * A Connect that is somebody else's, on a Kafka that is: Debezium's plugin without this project's classes, and before its REST API
 * a proxy with TLS that asks for a name and a password. The worker is in this machine's own network, so it finds databases that are
 * published here.
 */
export class GuardedConnect {
  private readonly folder = mkdtempSync(join(tmpdir(), "cdc-guarded-connect-"));
  private proxy: Server | undefined;

  private constructor(
    readonly name: string,
    private readonly kafka: SecureKafka,
    private readonly ports: { rest: number; guarded: number },
  ) {}

  /** Removes what a killed run left, and waits until it serves. */
  static async start(name: string, kafka: SecureKafka): Promise<GuardedConnect> {
    await docker("rm", "--force", "--volumes", name).catch(() => undefined);
    const [rest, guarded] = (await freePorts(2)) as [number, number];
    const connect = new GuardedConnect(name, kafka, { rest, guarded });
    await connect.run();
    return connect;
  }

  get access(): ConnectAccess {
    return {
      url: `https://${this.kafka.host}:${this.ports.guarded}`,
      security: { username: USER, password: PASSWORD, ca: this.kafka.certificates.ca },
    };
  }

  /** Names of the connectors that it has. */
  async connectors(): Promise<string[]> {
    const answer = await fetch(`http://127.0.0.1:${this.ports.rest}/connectors`);
    return (await answer.json()) as string[];
  }

  async stop(): Promise<void> {
    this.proxy?.closeAllConnections();
    this.proxy?.close();
    await docker("rm", "--force", "--volumes", this.name).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const { servers, tls, sasl } = this.kafka.access();
    const security = workerSecurity({ tls, sasl }, FOLDER, (file) => `\${secrets:${FOLDER}:${file}}`);
    for (const [file, content] of Object.entries(security.files)) writeFileSync(join(this.folder, file), content);
    const worker = properties("somebody's Kafka Connect", {
      "bootstrap.servers": servers,
      "group.id": "somebodys",
      listeners: `http://127.0.0.1:${this.ports.rest}`,
      "config.storage.topic": "somebodys-configs",
      "offset.storage.topic": "somebodys-offsets",
      "status.storage.topic": "somebodys-statuses",
      "config.storage.replication.factor": 1,
      "offset.storage.replication.factor": 1,
      "offset.storage.partitions": 1,
      "status.storage.replication.factor": 1,
      "status.storage.partitions": 1,
      "key.converter": "org.apache.kafka.connect.json.JsonConverter",
      "value.converter": "org.apache.kafka.connect.json.JsonConverter",
      "offset.flush.interval.ms": 1000,
      ...secretsWorkerProperties(FOLDER),
      ...security.properties,
    });
    writeFileSync(join(this.folder, "worker.properties"), worker);
    const java = ["java", "-cp", CLASS_PATH, "-Xmx400m", "-Dlog4j.configuration=file:/kafka/config/log4j.properties"];
    const main = ["org.apache.kafka.connect.cli.ConnectDistributed", `${FOLDER}/worker.properties`];
    await docker("create", "--name", this.name, "--network", "host", "--memory", "1g", IMAGE, ...java, ...main);
    await docker("cp", this.folder, `${this.name}:${FOLDER}`);
    await docker("start", this.name);
    this.proxy = this.guard();
    await poll<void>(
      async () => {
        const health = await fetch(`http://127.0.0.1:${this.ports.rest}/health`).catch((error: Error) => error);
        if (health instanceof Error) return { done: false, seen: health.message };
        return health.ok ? { done: true, value: undefined } : { done: false, seen: String(health.status) };
      },
      { what: `Kafka Connect of ${this.name}`, deadlineMs: 120_000, intervalMs: 200 },
    );
  }

  private guard(): Server {
    const { serverCertificate: cert, serverKey: key } = this.kafka.certificates;
    const right = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    const server = createServer({ cert, key }, (asked, answer) => {
      if (asked.headers.authorization !== right) {
        answer.writeHead(401, { "content-type": "text/plain" }).end("User cannot access the resource.");
        return;
      }
      const { method, url: path, headers } = asked;
      const passed = request({ host: "127.0.0.1", port: this.ports.rest, method, path, headers }, (got) => {
        answer.writeHead(got.statusCode ?? 500, got.headers);
        got.pipe(answer);
      });
      passed.on("error", () => answer.writeHead(502).end());
      asked.pipe(passed);
    });
    return server.listen(this.ports.guarded, this.kafka.host);
  }
}

const FOLDER = "/tmp/config";
/** Without cdc.jar. */
const CLASS_PATH = "/kafka/libs/*:/kafka/debezium/debezium-connector-postgres/*";
