import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../../commands/processes/free-ports";
import { secretsWorkerProperties } from "../../../components/connector";
import { once } from "../../../components/connector/rest/rest";
import type { ConnectAccess } from "../../../components/existing/connect/connect-access";
import { workerSecurity } from "../../../components/existing/kafka/worker-security";
import { poll } from "../../../components/poll";
import { properties } from "../../../components/container/properties";
import type { SecureKafka } from "./secure-kafka";
import { docker } from "../stack";
import { STOCK, stockConnectImage } from "./stock-connect-image";

const USER = "operator";
const PASSWORD = "guarded:word";
const FOLDER = "/tmp/config";
const EXTENSION = "org.apache.kafka.connect.rest.basic.auth.extension";

/**
 * A Kafka Connect that somebody else runs, for a Kafka that somebody else runs. It has Debezium's plugin as it is published, without this project's
 * classes. Its REST API has TLS and asks for a name and a password.
 */
export class SomebodysConnect {
  private readonly folder = mkdtempSync(join(tmpdir(), "cdc-somebodys-connect-"));

  private constructor(
    readonly name: string,
    private readonly kafka: SecureKafka,
    private readonly port: number,
  ) {}

  /**
   * Removes what a killed run left, starts it and waits until it answers.
   *
   * @param secrets to which connectors may refer, by name: `secretOf`
   */
  static async start(name: string, kafka: SecureKafka, secrets: Record<string, string> = {}) {
    const [image, [port]] = await Promise.all([
      stockConnectImage(),
      freePorts(1),
      docker("rm", "--force", "--volumes", name).catch(() => undefined),
    ]);
    const connect = new SomebodysConnect(name, kafka, port!);
    await connect.run(image, secrets);
    return connect;
  }

  get access(): ConnectAccess & { security: { username: string; password: string; ca: string } } {
    return {
      url: `https://${this.kafka.host}:${this.port}`,
      security: { username: USER, password: PASSWORD, ca: this.kafka.certificates.ca },
    };
  }

  /** The reference to one of the secrets, for a connector's config. */
  secretOf(name: string): string {
    return `\${secrets:${FOLDER}:${name}}`;
  }

  /** Asks its REST API. @returns the answer's body */
  async ask(path: string): Promise<unknown> {
    const { body } = await once({ ...this.access, operation: "test", until: Date.now() + 10_000 }, "GET", path);
    return body;
  }

  /** Waits until it has joined its group and its REST API answers. */
  async serving(): Promise<void> {
    await poll<void>(
      () =>
        this.ask("/connectors").then(
          (body) => (Array.isArray(body) ? { done: true, value: undefined } : { done: false, seen: String(body) }),
          (error: Error) => ({ done: false, seen: error.message }),
        ),
      { what: `Kafka Connect of ${this.name}`, deadlineMs: 120_000, intervalMs: 200 },
    );
  }

  async stop(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.name).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(image: string, secrets: Record<string, string>): Promise<void> {
    const config = join(this.folder, "config");
    mkdirSync(config, { mode: 0o755 });
    const { servers, tls, sasl } = this.kafka.access();
    const security = workerSecurity({ tls, sasl }, FOLDER, (file) => this.secretOf(file));
    const files = {
      ...security.files,
      ...secrets,
      "worker.properties": properties("somebody's Kafka Connect", { ...this.worker(servers), ...security.properties }),
      "login.conf": `KafkaConnect { ${EXTENSION}.PropertyFileLoginModule required file="${FOLDER}/users"; };\n`,
      users: `${USER}=${PASSWORD}\n`,
    };
    for (const [file, content] of Object.entries(files)) writeFileSync(join(config, file), content);
    this.makeKeystore(config);
    const options = ["-Xmx400m", `-Djava.security.auth.login.config=${FOLDER}/login.conf`];
    const log = "-Dlog4j.configuration=file:/kafka/config/log4j.properties";
    const main = ["org.apache.kafka.connect.cli.ConnectDistributed", `${FOLDER}/worker.properties`];
    await docker(
      ...["create", "--name", this.name, "--memory", "1g", "--publish", `${this.kafka.host}:${this.port}:8443`, image],
      ...["java", "-cp", STOCK.classPath, ...options, log, ...main],
    );
    await docker("cp", config, `${this.name}:${FOLDER}`);
    await docker("start", this.name);
    await this.serving();
  }

  private worker(servers: string): Record<string, string | number | boolean> {
    return {
      "bootstrap.servers": servers,
      "group.id": "somebodys",
      "plugin.path": STOCK.pluginPath,
      listeners: "https://0.0.0.0:8443",
      "listeners.https.ssl.keystore.type": "PKCS12",
      "listeners.https.ssl.keystore.location": `${FOLDER}/server.p12`,
      "listeners.https.ssl.keystore.password": PASSWORD,
      "listeners.https.ssl.key.password": PASSWORD,
      "rest.extension.classes": `${EXTENSION}.BasicAuthSecurityRestExtension`,
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
    };
  }

  /** Makes a keystore, because Jetty cannot read PEM. */
  private makeKeystore(folder: string): void {
    const { serverCertificate, serverKey } = this.kafka.certificates;
    const out = join(folder, "server.p12");
    const args = ["pkcs12", "-export", "-out", out, "-passout", `pass:${PASSWORD}`];
    execFileSync("openssl", args, { input: `${serverKey}${serverCertificate}`, stdio: ["pipe", "ignore", "pipe"] });
    // The container's user is another one than this process's.
    execFileSync("chmod", ["0644", out]);
  }
}
