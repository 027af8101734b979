import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runChild } from "../../commands/processes/child";
import { feedOf } from "../../commands/stack/stack-outputs";
import type { KafkaAccess } from "../../components/existing/kafka/kafka-access";
import { type KafkaWishes, lookAtKafka } from "../../components/existing/kafka/kafka-look";
import { Feed } from "../support/stack/feed";
import { docker, TestStack } from "../support/stack";
import { verified } from "../support/stack/verify";
import { SomebodysWorld } from "./existing/world";

/** Two stacks on one Kafka, Kafka Connect and Postgres of somebody else's. Each makes a capture, topics, a connector and a consumer. */
const stack = new TestStack("existing");
const second = new TestStack("existing-second");
let world: SomebodysWorld;
let before: object;

beforeAll(async () => {
  await Promise.all([stack.remove(), second.remove()]);
  world = await SomebodysWorld.start(stack.prefix);
  before = await world.contents();
}, 900_000);

afterAll(async () => {
  await Promise.all([stack.remove(), second.remove()]);
  await world?.remove();
}, 120_000);

const WISHES = {
  topics: [{ name: "shop.public.a", partitions: 2, config: {} }],
  replicationFactor: 0,
  groups: ["g"],
  groupPrefix: "g",
};

test("a broker that does not take us says why in a sentence, and one that does is known", async () => {
  const { kafka } = world;
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
  // The cluster's topic of transactions would have Kafka's default of three copies.
  expect(await said(own, { ...WISHES, transactions: true })).toMatch(
    /^cdc:exactlyOnce writes in transactions, and Kafka at \S+ cannot have any: it keeps them in 3 copies \(.*\), and has 1 broker/,
  );
}, 60_000);

test("what such a Connect cannot be told, or does not tell, is said before anything is made", async () => {
  await world.settle(stack, "shop", { tables: "sales.*" });

  const withoutWord = await stack.refusal("preview", {});
  expect(withoutWord).toContain(
    "the connector needs database.password. Either name what a config provider of that cluster reads",
  );
  await world.namePassword(stack);
  const unfit = await stack.refusal("preview", {});
  expect(unfit).toContain(
    "sales.orders.flags (bit varying), sales.orders.codes (xml[]): Debezium as it is published does not write all values of such a type.",
  );
  expect(unfit).toContain(
    String.raw`'connectorConfig["column.exclude.list"]' 'sales\.orders\.flags,sales\.orders\.codes'`,
  );
  expect(unfit).toContain(
    "sales.seats: Debezium as it is published takes a unique index' columns (id) for the key of its records, and rows may have them in common",
  );
  for (const said of [withoutWord, unfit]) expectNoWords(said);
  expect(await stack.objects()).toEqual([]);
  expect(await world.connectors()).toEqual([]);
}, 120_000);

test("two stacks come up at once: rows arrive, each one's own, and the topics hold what the tables hold, through restarts of all three", async () => {
  await stack.pulumi(
    "config",
    "set",
    "--path",
    'connectorConfig["column.exclude.list"]',
    String.raw`sales\.orders\.(flags|codes)`,
  );
  await stack.pulumi("config", "set", "tables", "sales.orders");
  const names = { connectorName: "billing", topicPrefix: "billing", captureName: "billing" };
  await world.settle(second, "billing", { tables: "public.invoices", ...names });
  await world.namePassword(second);
  const [said] = await Promise.all([stack.up(), second.up()]);
  expectNoWords(said);
  expect(said).toContain("without this project's classes");
  expect(said).toContain("as base64 of what Postgres prints: sales.orders.size (sales.size)");
  expect(said).toContain("in a form of Debezium's own: sales.orders.opens (time with time zone)");
  expect(await world.connectors()).toEqual(["billing", "customer-cdc"]);
  const feed = await feedOfStack(stack);
  const large = "repeat(md5(random()::text), 100000)";
  await world.ask(
    "shop",
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
  for (const name of [world.kafka.name, world.connect.name, world.server.container]) {
    await world.ask(
      "shop",
      `INSERT INTO sales.orders (id, note) SELECT n, 'during' FROM generate_series(${id}, ${id + 49}) n`,
    );
    await world.ask("billing", `INSERT INTO invoices VALUES (${id})`);
    await docker("restart", "--time", "30", name);
    id += 100;
    await world.answers();
    await world.ask(
      "shop",
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
  // With Debezium as it is published, changes may come twice after a restart.
  const others = await (await feedOfStack(second)).arrived(({ after }) => after?.["id"] === 300);
  const told = new Set(others.map(({ table, after }) => `${table} ${String(after?.["id"])}`));
  expect([...told]).toEqual([1, 100, 200, 300].map((each) => `public.invoices ${each}`));
}, 600_000);

test("one destroyed leaves the other as it is, and both destroyed leave all as it was", async () => {
  const reader = () =>
    world.ask("billing", "SELECT slot_name, active_pid FROM pg_replication_slots WHERE database = 'billing'");
  const untouched = await reader();
  expect(untouched).toEqual([{ slot_name: expect.any(String), active_pid: expect.any(Number) }]);
  await stack.destroy();
  expect(await world.connectors()).toEqual(["billing"]);
  expect(await reader()).toEqual(untouched);
  await world.ask("billing", "INSERT INTO invoices VALUES (2)");
  await (await feedOfStack(second)).arrived(({ after }) => after?.["id"] === 2);
  await second.destroy();
  expect(await world.contents()).toEqual(before);
}, 180_000);

const look = (...command: string[]): Promise<string> =>
  runChild(process.execPath, ["toolchain/look.mjs", ...command], { env: { ...process.env, ...stack.environment } });

const feedOfStack = async (each: TestStack): Promise<Feed> => new Feed(feedOf(await each.outputs()));

function size(text: unknown): string | null {
  return typeof text === "string" ? Buffer.from(text, "base64").toString() : null;
}

function expectNoWords(text: string): void {
  for (const word of world.words) expect(text).not.toContain(word);
}
