import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { freePorts } from "../../../commands/processes/free-ports";
import { clientConfig, type KafkaAccess, type SaslMechanism } from "../../../components/existing/kafka/kafka-access";
import { contentHash } from "../../../components/images/images";
import { poll } from "../../../components/poll";
import { properties } from "../../../components/container/properties";
import { zookeeperProperties } from "../../../components/zookeeper";
import { makeCertificates, type TestCertificates } from "./certificates";
import { buildImage } from "../stack/build-image";
import { dockerGateway } from "../stack/docker-gateway";
import { docker } from "../stack";

/** The image of the stacks. */
export const IMAGE = `cdc/kafka:${contentHash("images/kafka")}`;
const USER = "cdc";
const STRANGER = "stranger";
/** A password with characters that have to be escaped in a JAAS config and in a properties file. */
const PASSWORD = 'se"cr\\et word';
const JAAS = "org.apache.kafka.common.security";

/**
 * A Kafka that somebody else runs, with TLS, SASL and mutual TLS. It is one container of the project's image, with its ZooKeeper. Its address is that
 * of Docker's bridge, which this machine and containers of every network reach.
 */
export class SecureKafka {
  readonly certificates: TestCertificates;
  private readonly folder = mkdtempSync(join(tmpdir(), "cdc-secure-kafka-"));

  private constructor(
    readonly name: string,
    readonly host: string,
    private readonly ports: { sasl: number; tls: number },
  ) {
    this.certificates = makeCertificates(`IP:${host},DNS:localhost`, USER);
  }

  /** Removes what a killed run left, starts it and waits until it answers. */
  static async start(name: string): Promise<SecureKafka> {
    await docker("rm", "--force", "--volumes", name).catch(() => undefined);
    await buildImage(IMAGE, ["images/kafka"]);
    const host = await dockerGateway();
    const [sasl, tls] = (await freePorts(2)) as [number, number];
    const kafka = new SecureKafka(name, host, { sasl, tls });
    await kafka.run();
    return kafka;
  }

  /** Access as a user with name and password. */
  access(mechanism: SaslMechanism = "scram-sha-512"): KafkaAccess {
    return {
      servers: `${this.host}:${this.ports.sasl}`,
      tls: { ca: this.certificates.ca },
      sasl: { mechanism, username: USER, password: PASSWORD },
    };
  }

  /** Access as a user who may log in, and has no rights. */
  stranger(): KafkaAccess {
    return { ...this.access(), sasl: { mechanism: "plain", username: STRANGER, password: PASSWORD } };
  }

  /** Access as a client with a certificate of its own. */
  mutual(): KafkaAccess {
    const { ca, clientCertificate: cert, clientKey: key } = this.certificates;
    return { servers: `${this.host}:${this.ports.tls}`, tls: { ca, cert, key } };
  }

  async stop(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.name).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const { ca, serverCertificate, serverKey } = this.certificates;
    const config = join(this.folder, "config");
    mkdirSync(config, { mode: 0o755 });
    writeFileSync(join(config, "ca.pem"), ca);
    writeFileSync(join(config, "server.pem"), `${serverKey}${serverCertificate}`);
    writeFileSync(join(config, "zookeeper.properties"), zookeeperProperties());
    writeFileSync(join(config, "broker.properties"), properties("secure", this.broker()));
    writeFileSync(join(config, "start.sh"), START);
    await docker(
      "create",
      "--name",
      this.name,
      ...["--memory", "1g"],
      ...this.published(),
      IMAGE,
      "bash",
      "/tmp/config/start.sh",
    );
    await docker("cp", config, `${this.name}:/tmp/config`);
    await docker("start", this.name);
    await poll<void>(
      async () => {
        const admin = new Kafka({ ...clientConfig(this.access("plain")), ...ONCE }).admin();
        try {
          await admin.connect();
          await admin.listTopics();
          return { done: true, value: undefined };
        } catch (error) {
          return { done: false, seen: (error as Error).message };
        } finally {
          await admin.disconnect().catch(() => undefined);
        }
      },
      { what: `the broker of ${this.name}`, deadlineMs: 60_000, intervalMs: 200 },
    );
  }

  private published(): string[] {
    return Object.values(this.ports).flatMap((port) => ["--publish", `${this.host}:${port}:${port}`]);
  }

  private broker(): Record<string, string | number | boolean> {
    const { sasl, tls } = this.ports;
    const word = `"${PASSWORD.replace(/["\\]/g, "\\$&")}"`;
    const plain = `${JAAS}.plain.PlainLoginModule required user_${USER}=${word} user_${STRANGER}=${word};`;
    return {
      "broker.id": 1,
      "zookeeper.connect": "localhost:2181",
      "log.dirs": "/kafka/data",
      listeners: `INSIDE://localhost:9092,SASL://0.0.0.0:${sasl},TLS://0.0.0.0:${tls}`,
      "advertised.listeners": `INSIDE://localhost:9092,SASL://${this.host}:${sasl},TLS://${this.host}:${tls}`,
      "listener.security.protocol.map": "INSIDE:PLAINTEXT,SASL:SASL_SSL,TLS:SSL",
      "inter.broker.listener.name": "INSIDE",
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": "/tmp/config/server.pem",
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": "/tmp/config/ca.pem",
      "listener.name.tls.ssl.client.auth": "required",
      "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
      "listener.name.sasl.plain.sasl.jaas.config": plain,
      "listener.name.sasl.scram-sha-256.sasl.jaas.config": `${JAAS}.scram.ScramLoginModule required;`,
      "listener.name.sasl.scram-sha-512.sasl.jaas.config": `${JAAS}.scram.ScramLoginModule required;`,
      "authorizer.class.name": "kafka.security.authorizer.AclAuthorizer",
      "super.users": `User:ANONYMOUS;User:${USER};User:CN=${USER}`,
      "auto.create.topics.enable": false,
      "offsets.topic.num.partitions": 1,
      "offsets.topic.replication.factor": 1,
      "group.initial.rebalance.delay.ms": 0,
    };
  }
}

const ONCE = { clientId: "cdc-test", logLevel: logLevel.NOTHING, retry: { retries: 0 }, connectionTimeout: 2000 };

/** ZooKeeper keeps the users of SCRAM, so they are made before the broker starts. */
const START = `set -e
java @/kafka/config/kafka.args -Xmx64m org.apache.zookeeper.server.quorum.QuorumPeerMain /tmp/config/zookeeper.properties &
until exec 3<>/dev/tcp/localhost/2181; do sleep 0.1; done 2>/dev/null
java @/kafka/config/kafka.args -Xmx64m kafka.admin.ConfigCommand --zookeeper localhost:2181 --alter --entity-type users --entity-name ${USER} \\
  --add-config 'SCRAM-SHA-256=[iterations=4096,password=${PASSWORD}],SCRAM-SHA-512=[iterations=4096,password=${PASSWORD}]'
exec java @/kafka/config/kafka.args -Xmx256m kafka.Kafka /tmp/config/broker.properties
`;
