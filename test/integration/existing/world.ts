import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Admin, Kafka, logLevel } from "kafkajs";
import { withDatabase } from "../../../components/connector/slot/connector-session";
import type { DatabaseAddress } from "../../../components/database/address";
import { clientConfig } from "../../../components/existing/kafka/kafka-access";
import { poll, tried } from "../../../components/poll";
import { catalogue } from "../../support/database/catalogue";
import { makeCertificates } from "../../support/existing/certificates";
import { ExistingPostgres } from "../../support/existing/existing-postgres";
import { SecureKafka } from "../../support/existing/secure-kafka";
import { SomebodysConnect } from "../../support/existing/somebodys-connect";
import type { TestStack } from "../../support/stack";

/** Password of the role that a capture makes. */
const WORD = "a word of the role's";
const PASSWORD = 'connectorConfig["database.password"]';

/**
 * The parts that somebody else runs: a Kafka with TLS, SASL and rights; a Kafka Connect with TLS, a password and Debezium's plugin as it is
 * published; and a Postgres with TLS on which our login is no superuser.
 */
export class SomebodysWorld {
  private constructor(
    readonly kafka: SecureKafka,
    readonly connect: SomebodysConnect,
    readonly server: ExistingPostgres,
    private readonly root: DatabaseAddress,
    private readonly folder: string,
  ) {}

  /** Starts the parts. Postgres has two databases: clerk may use one and owns the other. @param prefix of the containers' names */
  static async start(prefix: string): Promise<SomebodysWorld> {
    const folder = mkdtempSync(join(tmpdir(), "cdc-existing-"));
    const kafka = await SecureKafka.start(`${prefix}-somebodys-kafka`);
    const made = makeCertificates(`IP:${kafka.host}`, "clerk");
    writeFileSync(join(folder, "database-ca.pem"), made.ca);
    writeFileSync(join(folder, "ca.pem"), kafka.certificates.ca);
    const [connect, server] = await Promise.all([
      SomebodysConnect.start(`${prefix}-somebodys-connect`, kafka, { "database-password": WORD }),
      ExistingPostgres.start(`${prefix}-somebodys-postgres`, kafka.host, made, false),
    ]);
    const world = new SomebodysWorld(kafka, connect, server, server.at, folder);
    await world.ask("postgres", "CREATE ROLE owner; CREATE ROLE clerk LOGIN CREATEROLE REPLICATION PASSWORD 'clerk'");
    await world.ask("postgres", "CREATE DATABASE shop");
    await world.ask("postgres", "CREATE DATABASE billing OWNER clerk");
    await world.ask(
      "shop",
      `CREATE SCHEMA sales AUTHORIZATION owner;
       CREATE TYPE sales.size AS (width int, height int);
       CREATE TABLE sales.orders (id int PRIMARY KEY, note text, at timestamptz DEFAULT now(), local timestamp DEFAULT now(), size sales.size,
         span tstzrange, price numeric(9, 2), opens timetz DEFAULT '09:00+02', flags varbit, codes xml[]);
       INSERT INTO sales.orders (id, note, size) VALUES (1, 'before', '(1,2)');
       CREATE TABLE sales.seats (id int NOT NULL, taken boolean); CREATE UNIQUE INDEX ON sales.seats (id) WHERE taken;
       ALTER TABLE sales.orders OWNER TO owner; ALTER TABLE sales.seats OWNER TO owner;
       GRANT CREATE ON DATABASE shop TO clerk; GRANT USAGE ON SCHEMA sales TO clerk WITH GRANT OPTION;
       GRANT owner TO clerk WITH INHERIT TRUE, SET FALSE`,
    );
    await world.ask(
      "billing",
      "CREATE TABLE invoices (id int PRIMARY KEY); INSERT INTO invoices VALUES (1); ALTER TABLE invoices OWNER TO clerk",
    );
    await world.settled();
    return world;
  }

  ask<T extends object = object>(database: string, sql: string): Promise<T[]> {
    return withDatabase({ ...this.root, database }, async (client) => (await client.query(sql)).rows as T[]);
  }

  /** Makes a stack whose settings name these parts. The connector's password is not set yet. */
  async settle(stack: TestStack, database: string, settings: Record<string, string>): Promise<void> {
    const { sasl, servers } = this.kafka.access();
    const { url, security: operator } = this.connect.access;
    // The defaults of a server of the stack's own, which does not exist here, whatever the tests run with.
    const none = { postgresPort: "55432", postgresVersion: "17" };
    await stack.create({ ...none, bootstrapServers: servers, keepTopics: "false", ...settings });
    await stack.pulumi("config", "set", "connectUrl", url);
    const paths = {
      "kafkaSecurity.protocol": "SASL_SSL",
      "kafkaSecurity.mechanism": "SCRAM-SHA-512",
      "kafkaSecurity.username": sasl!.username,
      "kafkaSecurity.caFile": join(this.folder, "ca.pem"),
      "connectSecurity.username": operator.username,
      "connectSecurity.caFile": join(this.folder, "ca.pem"),
    };
    await stack.pulumi("config", "set-all", "--path", ...Object.entries(paths).flatMap(plain));
    const words = { "kafkaSecurity.password": sasl!.password, "connectSecurity.password": operator.password };
    await stack.pulumi("config", "set-all", "--path", ...Object.entries(words).flatMap(secret));
    const { host, port } = this.root;
    const databaseUrl = `postgres://clerk:clerk@${host}:${port}/${database}?sslmode=verify-full&sslrootcert=${this.folder}/database-ca.pem`;
    await stack.pulumi("config", "set-all", ...Object.entries({ databaseUrl, capturePassword: WORD }).flatMap(secret));
  }

  /** Sets the connector's password to a reference for a config provider of that Kafka Connect. */
  async namePassword(stack: TestStack): Promise<void> {
    await stack.pulumi("config", "set", "--plaintext", "--path", PASSWORD, this.connect.secretOf("database-password"));
  }

  /** Passwords that nothing may print. */
  get words(): string[] {
    return [this.kafka.access().sasl!.password, this.connect.access.security.password, WORD, "clerk:clerk"];
  }

  async connectors(): Promise<string[]> {
    return ((await this.connect.ask("/connectors")) as string[]).sort();
  }

  /** The topics of this Kafka, without those that a broker makes for itself. */
  async topics(): Promise<string[]> {
    const all = await this.asAdmin((admin) => admin.listTopics());
    return all.filter((name) => !name.startsWith("__consumer_offsets")).sort();
  }

  /** How many records a topic with one partition has. */
  async records(topic: string): Promise<number> {
    const [partition] = await this.asAdmin((admin) => admin.fetchTopicOffsets(topic));
    return Number(partition!.high) - Number(partition!.low);
  }

  private async asAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = new Kafka({ ...clientConfig(this.kafka.access()), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** Waits for the topics that Kafka Connect makes for itself: once, its REST API answered before the brokers listed the last of them. */
  private async settled(): Promise<void> {
    const own = ["configs", "offsets", "statuses"].map((what) => `somebodys-${what}`);
    await poll<void>(
      async () => {
        const there = await this.topics();
        const missing = own.filter((name) => !there.includes(name));
        return missing.length === 0
          ? { done: true, value: undefined }
          : { done: false, seen: `no ${missing.join(", ")}` };
      },
      { what: `the topics of ${this.connect.name}`, deadlineMs: 60_000, intervalMs: 200 },
    );
  }

  /** Everything that a stack could change or leave behind in these parts. */
  async contents(): Promise<object> {
    const ofDatabase = (database: string) => catalogue((sql) => this.ask(database, sql));
    return {
      topics: await this.topics(),
      connectors: await this.connectors(),
      shop: await ofDatabase("shop"),
      billing: await ofDatabase("billing"),
    };
  }

  /** Waits until the parts answer after a restart. */
  async answers(): Promise<void> {
    await this.connect.serving();
    await poll(() => tried(this.ask("shop", "SELECT")), {
      what: this.server.container,
      deadlineMs: 60_000,
      intervalMs: 200,
    });
  }

  async remove(): Promise<void> {
    await Promise.all([this.connect.stop(), this.server.remove()]);
    await this.kafka.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const plain = ([key, value]: [string, string]): string[] => ["--plaintext", `${key}=${value}`];
const secret = ([key, value]: [string, string]): string[] => ["--secret", `${key}=${value}`];
