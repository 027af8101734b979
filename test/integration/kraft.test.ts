import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Client } from "pg";
import { runChild } from "../../commands/processes/child";
import { bills } from "../support/stack/bills";
import { clientsOf } from "../support/stack/clients";
import { type Feed, Ledger } from "../support/stack/feed";
import { docker, TestStack } from "../support/stack";
import { configOf, copiesOf } from "../support/stack/topic";

/**
 * A stack without ZooKeeper, on Kafka 4. Rows pass, its broker comes back, two more join it, and the cost of a change of coordination is reported
 * before it is made.
 */
const stack = new TestStack("kraft");
let client: Client;
let feed: Feed;
let ledger: Ledger;

beforeAll(async () => {
  await stack.create({ coordination: "kraft", brokers: "3" });
  await stack.with({ brokers: "1" }, () => stack.up());
  ({ client, feed } = await clientsOf(stack));
  ledger = await Ledger.open(() => client, feed);
}, 600_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

const kafka = `${stack.prefix}-kafka`;
const look = (...args: string[]) =>
  runChild(process.execPath, ["toolchain/look.mjs", ...args], { env: { ...process.env, ...stack.environment } });

test("no part of it is ZooKeeper's, nobody misses that, and rows pass", async () => {
  expect((await stack.objects()).filter((name) => name.includes("zookeeper"))).toEqual([]);
  await ledger.write(3);
  expect(await ledger.reported()).toEqual(ledger.written);
  expect(await look("doctor")).not.toMatch(/zookeeper/i);
  await expect(look("logs", "zookeeper")).rejects.toThrow(/has no zookeeper: .*cdc:coordination kraft/);
}, 60_000);

test("its image's bill of materials is that of Kafka 4, without ZooKeeper and without a hole that nobody has looked at", async () => {
  const { parts } = await bills(stack, await docker("inspect", "--format", "{{.Config.Image}}", kafka));
  const maven = parts("kafka-kraft").filter((purl) => purl.startsWith("pkg:maven/"));
  expect(maven).toContain("pkg:maven/org.apache.kafka/kafka-clients@4.4.0");
  expect(maven.filter((purl) => purl.includes("zookeeper"))).toEqual([]);
  expect(maven.length).toBeGreaterThan(90);
}, 30_000);

test.each([
  // A broker that stops ends its own session, so the next start does not wait.
  ["stopped and started", 15, () => docker("stop", kafka).then(() => docker("start", kafka))],
  // After a kill, its session has to end first: 2 s.
  ["killed", 20, () => docker("exec", kafka, "sh", "-c", "kill -KILL -1").catch(() => undefined)],
])(
  "a broker that was %s is back within seconds, and no row is lost or told twice",
  async (_, seconds, happen) => {
    const begun = performance.now();
    await happen();
    await ledger.write(20);
    expect(await ledger.reported()).toEqual(ledger.written);
    expect((performance.now() - begun) / 1000).toBeLessThan(seconds);
  },
  60_000,
);

test("two brokers more: what there is gets three copies, fewer are refused, and the one that began the quorum may be killed", async () => {
  await stack.up();
  const { bootstrapServers } = await stack.outputs();
  const [first, second] = bootstrapServers.split(",");
  const copies = await copiesOf(first!);
  expect([...copies.keys()]).toEqual(
    expect.arrayContaining([
      "__consumer_offsets",
      "cdc_connect_offsets",
      "cdctest.message",
      "cdctest.public.customers",
    ]),
  );
  expect(new Set(copies.values())).toEqual(new Set([3]));
  expect(await configOf(first!, "cdctest.public.customers", ["min.insync.replicas"])).toEqual(["2"]);
  expect(await stack.refusal("preview", { brokers: "1" })).toContain("cdc:brokers is 1, but this stack has 3: ");

  // The consumer was made again, and counts from 0.
  const since = await Ledger.open(() => client, feed);
  await docker("kill", kafka);
  await since.write(5);
  expect(await since.reported()).toEqual(since.written);
  expect((await copiesOf(second!)).get("cdctest.public.customers")).toBe(2);
  await docker("start", kafka);
  expect(await stack.up()).toMatch(/Resources:\n\s+\d+ unchanged/);
}, 240_000);

test("a move is refused by a preview, asked for by a start, and reads every row again from the database that stays", async () => {
  const refused = await stack.refusal("preview", { coordination: "zookeeper" });
  expect(refused).toContain("cdc:coordination kraft -> zookeeper: neither can read what the other has written");
  expect(refused).toMatch(/- topic cdctest\.public\.customers, with 48 records, (all|\d+ not yet) handled/);
  expect(refused).toContain("`npm start` asks, and does that.");
  await stack.with({ coordination: "zookeeper" }, async () => {
    await expect(stack.start()).rejects.toThrow(
      /Nobody is there to be asked; `npm start -- --yes` says that it is meant/,
    );
    expect(await stack.objects()).toContain(kafka);
    expect(await stack.start("--yes")).toMatch(/delete {4}public\.customers .*john/);
  });
  expect(await stack.objects()).toContain(`${stack.prefix}-zookeeper`);
  const changes = await feed.arrived(48);
  expect(changes.filter(({ op }) => op === "snapshot")).toHaveLength(48);
}, 240_000);
