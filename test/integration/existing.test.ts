import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Kafka, logLevel } from "kafkajs";
import { Client } from "pg";
import { runChild } from "../../commands/processes/child";
import { feedOf } from "../../commands/stack/stack-outputs";
import { clientConfig, type KafkaAccess } from "../../components/existing/kafka-access";
import { lookAtKafka } from "../../components/existing/kafka-look";
import { Feed } from "../support/feed";
import { SecureKafka } from "../support/secure-kafka";
import { TestStack } from "../support/stack";
import { verified } from "../support/verify";

/** A Kafka with TLS, SASL and rights that somebody else runs: the stack is a guest there. */
const stack = new TestStack("existing");
let kafka: SecureKafka;

beforeAll(async () => {
  kafka = await SecureKafka.start(`${stack.prefix}-somebodys-kafka`);
}, 900_000);

afterAll(async () => {
  await stack.remove();
  await kafka?.stop();
}, 120_000);

const WISHES = { topics: [{ name: "shop.public.a", partitions: 2, config: {} }], replicationFactor: 0, group: "g" };

test("a broker that does not take us says why in a sentence, and one that does is known", async () => {
  const own = kafka.access();
  const { servers: mutual } = kafka.mutual();
  const sasl = (changes: object): KafkaAccess => ({ ...own, sasl: { ...own.sasl!, ...changes } });
  const said = async (access: KafkaAccess, wishes = WISHES): Promise<string> => {
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
}, 60_000);

test("rows arrive by its topics, which hold what the tables hold, and go with the stack", async () => {
  const before = await topics();
  const { sasl, servers } = kafka.access();
  const ca = join(tmpdir(), `${stack.prefix}-ca.pem`);
  writeFileSync(ca, kafka.certificates.ca);
  await stack.create({ bootstrapServers: servers, keepTopics: "false", partitions: "2" });
  const security = { protocol: "SASL_SSL", mechanism: "SCRAM-SHA-512", username: sasl!.username, caFile: ca };
  for (const [key, value] of Object.entries(security))
    await stack.pulumi("config", "set", "--path", `kafkaSecurity.${key}`, value);
  await stack.pulumi("config", "set", "--secret", "--path", "kafkaSecurity.password", sasl!.password);
  const said = await stack.up();
  expect(said).not.toContain(sasl!.password);
  const outputs = await stack.outputs();
  const client = new Client({ connectionString: outputs.databaseUrl });
  await client.connect();
  await client.query("insert into public.customers (first_name) select 'c' || n from generate_series(1, 20) n");
  await client.query("update public.customers set last_name = 'x'");
  await client.end();
  const changes = await new Feed(feedOf(outputs)).arrived(40, 0, "public.customers");
  expect(changes.filter(({ op }) => op === "create")).toHaveLength(20);
  expect(await verified(stack)).toMatchObject([{ table: "public.customers", differences: [] }]);
  expect(await status()).toMatchObject({ healthy: true });
  await stack.destroy();
  expect(await topics()).toEqual(before);
}, 240_000);

async function status(): Promise<unknown> {
  const env = { ...process.env, ...stack.environment };
  return JSON.parse(await runChild(process.execPath, ["toolchain/look.mjs", "doctor", "--json"], { env }));
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
