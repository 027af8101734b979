import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Kafka, logLevel } from "kafkajs";
import { withDatabase } from "../../components/connector/slot/connector-session";
import type { DatabaseAddress } from "../../components/database/address";
import { runChild } from "../../commands/processes/child";
import { feedOf } from "../../commands/stack/stack-outputs";
import { clientConfig, type KafkaAccess } from "../../components/existing/kafka-access";
import { type KafkaWishes, lookAtKafka } from "../../components/existing/kafka-look";
import { poll } from "../../components/poll";
import { catalogue } from "../support/catalogue";
import { makeCertificates } from "../support/certificates";
import { ExistingPostgres } from "../support/existing-postgres";
import { Feed } from "../support/feed";
import { SecureKafka } from "../support/secure-kafka";
import { SomebodysConnect } from "../support/somebodys-connect";
import { docker, TestStack } from "../support/stack";
import { verified } from "../support/verify";

/**
 * Somebody else's world: a Kafka with TLS, SASL and rights, a Connect behind TLS and a password with Debezium's plugin as it is
 * published, and a Postgres with TLS that knows us as no superuser. The stack makes a capture, topics, a connector and a consumer there.
 */
const stack = new TestStack("existing");
const folder = mkdtempSync(join(tmpdir(), "cdc-existing-"));
const WORD = "a word of the role's";
let kafka: SecureKafka;
let connect: SomebodysConnect;
let server: ExistingPostgres;
let root: DatabaseAddress;

const ask = (sql: string): Promise<object[]> =>
  withDatabase(root, async (client) => (await client.query(sql)).rows as object[]);
const look = (...command: string[]): Promise<string> =>
  runChild(process.execPath, ["toolchain/look.mjs", ...command], { env: { ...process.env, ...stack.environment } });

beforeAll(async () => {
  kafka = await SecureKafka.start(`${stack.prefix}-somebodys-kafka`);
  const made = makeCertificates(`IP:${kafka.host}`, "clerk");
  writeFileSync(join(folder, "database-ca.pem"), made.ca);
  writeFileSync(join(folder, "ca.pem"), kafka.certificates.ca);
  [connect, server] = await Promise.all([
    SomebodysConnect.start(`${stack.prefix}-somebodys-connect`, kafka, { "database-password": WORD }),
    ExistingPostgres.start(`${stack.prefix}-somebodys-postgres`, kafka.host, made, false),
  ]);
  root = server.at;
  await ask("CREATE ROLE owner; CREATE ROLE clerk LOGIN CREATEROLE REPLICATION PASSWORD 'clerk'");
  await ask("CREATE DATABASE shop");
  root = { ...root, database: "shop" };
  await ask(
    `CREATE SCHEMA sales AUTHORIZATION owner;
     CREATE TYPE sales.size AS (width int, height int);
     CREATE TABLE sales.orders (id int PRIMARY KEY, note text, at timestamptz DEFAULT now(), local timestamp DEFAULT now(), size sales.size,
       span tstzrange, price numeric(9, 2), opens timetz DEFAULT '09:00+02', flags varbit, codes xml[]);
     INSERT INTO sales.orders (id, note, size) VALUES (1, 'before', '(1,2)');
     ALTER TABLE sales.orders OWNER TO owner;
     GRANT CREATE ON DATABASE shop TO clerk; GRANT USAGE ON SCHEMA sales TO clerk WITH GRANT OPTION;
     GRANT owner TO clerk WITH INHERIT TRUE, SET FALSE`,
  );
}, 900_000);

afterAll(async () => {
  await stack.remove();
  await Promise.all([connect?.stop(), server?.remove()]);
  await kafka?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

const WISHES = { topics: [{ name: "shop.public.a", partitions: 2, config: {} }], replicationFactor: 0, group: "g" };

test("a broker that does not take us says why in a sentence, and one that does is known", async () => {
  const own = kafka.access();
  const { servers: mutual } = kafka.mutual();
  const sasl = (changes: object): KafkaAccess => ({ ...own, sasl: { ...own.sasl!, ...changes } });
  const said = async (access: KafkaAccess, wishes: KafkaWishes = WISHES): Promise<string> => {
    const begun = Date.now();
    const text = await lookAtKafka(access, wishes).then(
      ({ brokers }) => `brokers: ${brokers}`,
      (error: Error) => error.message,
    );
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(text).not.toContain(own.sasl!.password);
    return text.replace(`Kafka at ${access.servers} (cdc:bootstrapServers) `, "");
  };
  for (const mechanism of ["plain", "scram-sha-256", "scram-sha-512"] as const)
    expect(await said(kafka.access(mechanism))).toBe("brokers: 1");
  expect(await said(kafka.mutual())).toBe("brokers: 1");
  expect(await said(sasl({ password: "wrong" }))).toBe(
    'does not let user "cdc" with SCRAM-SHA-512 in: name or password is wrong; look at cdc:kafkaSecurity["username"] and ["password"].',
  );
  expect(await said({ ...own, tls: {} })).toMatch(
    /certificate that is not trusted here .*; name who signed it with cdc:kafkaSecurity\["caFile"\]/,
  );
  expect(await said({ ...own, tls: undefined })).toBe(
    'hangs up without a word: it wants TLS (SSL or SASL_SSL); set cdc:kafkaSecurity["protocol"].',
  );
  expect(await said({ ...own, sasl: undefined })).toMatch("it wants a name and a password (SASL_SSL)");
  expect(await said({ servers: mutual, tls: own.tls })).toMatch("wants a certificate of the client");
  expect(await said({ ...own, servers: mutual, tls: kafka.mutual().tls })).toMatch(
    "takes no name and password on this port",
  );
  expect(await said({ ...own, servers: "127.0.0.1:1" })).toMatch(
    /cannot be reached from here \(connect ECONNREFUSED 127.0.0.1:1\)/,
  );
  expect(await said(kafka.stranger())).toMatch(/would not make the topic shop.public.a \(TOPIC_AUTHORIZATION_FAILED\)/);
  expect(await said(own, { ...WISHES, replicationFactor: 3 })).toMatch("cdc:replicationFactor is 3, but");
  // Its own topic of transactions would have Kafka's default, three copies.
  expect(await said(own, { ...WISHES, transactions: true })).toMatch(
    /^cdc:exactlyOnce writes in transactions, and Kafka at \S+ cannot have any: it keeps them in 3 copies \(.*\), and has 1 broker/,
  );
}, 60_000);

test("what such a Connect cannot be told, or does not tell, is said before anything is made", async () => {
  const { sasl, servers } = kafka.access();
  const { url, security: operator } = connect.access;
  await stack.create({ postgresPort: "55432", tables: "sales.orders", bootstrapServers: servers, keepTopics: "false" });
  await stack.pulumi("config", "set", "connectUrl", url);
  const paths = {
    "kafkaSecurity.protocol": "SASL_SSL",
    "kafkaSecurity.mechanism": "SCRAM-SHA-512",
    "kafkaSecurity.username": sasl!.username,
    "kafkaSecurity.caFile": join(folder, "ca.pem"),
    "connectSecurity.username": operator.username,
    "connectSecurity.caFile": join(folder, "ca.pem"),
  };
  await stack.pulumi("config", "set-all", "--path", ...Object.entries(paths).flatMap(plain));
  const words = { "kafkaSecurity.password": sasl!.password, "connectSecurity.password": operator.password };
  await stack.pulumi("config", "set-all", "--path", ...Object.entries(words).flatMap(secret));
  const database = `postgres://clerk:clerk@${root.host}:${root.port}/shop?sslmode=verify-full&sslrootcert=${folder}/database-ca.pem`;
  await stack.pulumi(
    "config",
    "set-all",
    ...Object.entries({ databaseUrl: database, capturePassword: WORD }).flatMap(secret),
  );

  const withoutWord = await stack.refusal("preview", {});
  expect(withoutWord).toContain(
    "the connector needs database.password. Either name what a config provider of that cluster reads",
  );
  await stack.pulumi("config", "set", "--plaintext", "--path", PASSWORD, connect.secretOf("database-password"));
  const unfit = await stack.refusal("preview", {});
  expect(unfit).toContain(
    "sales.orders.flags (bit varying), sales.orders.codes (xml[]): Debezium as it is published does not tell all values of such a type.",
  );
  expect(unfit).toContain(
    String.raw`'connectorConfig["column.exclude.list"]' 'sales\.orders\.flags,sales\.orders\.codes'`,
  );
  for (const said of [withoutWord, unfit]) expectNoWords(said);
  expect(await stack.objects()).toEqual([]);
  expect(await connect.ask("/connectors")).toEqual([]);
}, 120_000);

test("rows arrive, the topics hold what the table holds, through restarts of all three, and destroy leaves all as it was", async () => {
  const before = { topics: await topics(), catalogue: await catalogue(ask) };
  await stack.pulumi(
    "config",
    "set",
    "--path",
    'connectorConfig["column.exclude.list"]',
    String.raw`sales\.orders\.(flags|codes)`,
  );
  const said = await stack.up();
  expectNoWords(said);
  expect(said).toContain("without this project's classes");
  expect(said).toContain("as base64 of what Postgres prints: sales.orders.size (sales.size)");
  expect(said).toContain("in a form of Debezium's own: sales.orders.opens (time with time zone)");
  expect(await connect.ask("/connectors")).toEqual(["customer-cdc"]);
  const feed = new Feed(feedOf(await stack.outputs()));
  const large = "repeat(md5(random()::text), 100000)";
  await ask(
    `INSERT INTO sales.orders (id, note, price) VALUES (2, ${large}, 1.5); UPDATE sales.orders SET price = 2, span = '[2026-01-01,)'`,
  );
  const changes = await feed.arrived(4);
  expect(changes.map(({ op, after }) => [op, after?.["id"], after?.["price"], size(after?.["size"])])).toEqual([
    ["snapshot", 1, null, "(1,2)"],
    ["create", 2, "1.50", null],
    ["update", 1, "2.00", "(1,2)"],
    ["update", 2, "2.00", null],
  ]);
  expect(changes[3]!.after?.["note"]).toHaveLength(3_200_000);
  expect(changes[3]!.eventId).toBeNull();

  let id = 100;
  const names = { kafka: kafka.name, connect: connect.name, postgres: server.container };
  for (const name of Object.values(names)) {
    await ask(`INSERT INTO sales.orders (id, note) SELECT n, 'during' FROM generate_series(${id}, ${id + 49}) n`);
    await docker("restart", "--time", "30", name);
    id += 100;
    await untilAnswers();
    await ask(
      `INSERT INTO sales.orders (id, note) VALUES (${id - 1}, 'after'); DELETE FROM sales.orders WHERE id = ${id - 100}`,
    );
  }
  await feed.arrived(({ op, key }) => op === "delete" && key?.["id"] === id - 100);
  expect(await verified(stack)).toMatchObject([
    {
      table: "sales.orders",
      differences: [],
      ok: true,
      reasons: [/flags, codes/, /forms of its own for them: opens/].map(expect.stringMatching),
    },
  ]);
  expect(JSON.parse(await look("doctor", "--json"))).toMatchObject({ healthy: true });

  await stack.destroy();
  expect(await connect.ask("/connectors")).toEqual([]);
  expect(await topics()).toEqual(before.topics);
  expect(await catalogue(ask)).toEqual(before.catalogue);
}, 300_000);

const PASSWORD = 'connectorConfig["database.password"]';
const plain = ([key, value]: [string, string]): string[] => ["--plaintext", `${key}=${value}`];
const secret = ([key, value]: [string, string]): string[] => ["--secret", `${key}=${value}`];

function size(text: unknown): string | null {
  return typeof text === "string" ? Buffer.from(text, "base64").toString() : null;
}

function expectNoWords(text: string): void {
  for (const word of [kafka.access().sasl!.password, connect.access.security.password, WORD, "clerk:clerk"])
    expect(text).not.toContain(word);
}

async function untilAnswers(): Promise<void> {
  await connect.serving();
  await poll<void>(
    () =>
      ask("SELECT").then(
        () => ({ done: true, value: undefined }),
        (error: Error) => ({ done: false, seen: error.message }),
      ),
    { what: server.container, deadlineMs: 60_000, intervalMs: 200 },
  );
}

/** What somebody else's Kafka has, but for what a broker makes for itself. */
async function topics(): Promise<string[]> {
  const admin = new Kafka({ ...clientConfig(kafka.access()), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return (await admin.listTopics()).filter((name) => !name.startsWith("__consumer_offsets")).sort();
  } finally {
    await admin.disconnect();
  }
}
