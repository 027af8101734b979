import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { type AppliedStack, parseApplied } from "../../../components/preflight/applied";
import { tellCosts } from "../../../components/costs";
import type { AskedTopics } from "../../../components/costs/costs-look";

const asked: string[][] = [];
/** Topics that the broker has. */
let onBroker: string[] = [];
/** The Kafka that was asked, and the group whose position counts there. */
const lookedAt: unknown[] = [];
jest.mock("../../../components/costs/costs-look", () => ({
  droppedTables: () => Promise.resolve([]),
  lookAtLosses: (applied: AppliedStack, topics: AskedTopics, group: string) => {
    asked.push(typeof topics === "function" ? topics(onBroker) : [...topics]);
    lookedAt.push([applied.bootstrapServers, group]);
    return Promise.resolve({ topics: new Map([["shop.dead-letters", { records: 3, unread: 3 }]]), unreadLog: 0 });
  },
}));
const isDryRun = jest.spyOn(pulumi.runtime, "isDryRun");
const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();

const topics = ["shop.public.customers", "shop.dead-letters"].map((name) => ({
  ...{ name, retentionMs: 1, compacted: false, partitions: 1 },
}));
const APPLIED: AppliedStack = {
  ...{ credentials: [], brokers: 1, networks: [], topics, keepsTopics: true },
  containers: new Map(),
  volumes: ["cdc-dev-kafka-data"],
  brokerVolumes: new Map([["cdc-dev-kafka-data", { coordination: "zookeeper" }]]),
  bootstrapServers: "127.0.0.1:29092",
  connector: { connectorName: "customer-cdc", topicPrefix: "shop", slotName: "s" },
  capture: { captureName: "debezium", captured: ["public.customers"] },
};
const SETTINGS: Parameters<typeof tellCosts>[1] = {
  ...{ tables: ["public.customers"], topicPrefix: "shop", connectorName: "customer-cdc", captureName: "debezium" },
  ...{ snapshotMode: "initial", keepTopics: true, consumer: "handler", retentionMs: 1, cleanupPolicy: "delete" },
  ...{ prefix: "cdc-dev", database: "cdctest", user: "cdctest", password: pulumi.output("secret") },
};
const existingKafka = { servers: "k:9092", internalServers: "k:9092", security: { protocol: "PLAINTEXT" as const } };
const renamed = { ...SETTINGS, connectorName: "other" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-tell-"));
  asked.length = lookedAt.length = 0;
  warn.mockClear();
  isDryRun.mockReturnValue(false);
});
afterEach(() => {
  delete process.env["CDC_ASK_FILE"];
  rmSync(folder, { recursive: true });
});

test.each([["an up", false] as const, ["a preview for a command that brings the stack up later", true] as const])(
  "what would be lost ends %s that names a file, and the file has it",
  async (_what, dry) => {
    isDryRun.mockReturnValue(dry);
    const file = (process.env["CDC_ASK_FILE"] = join(folder, "asked"));
    await expect(tellCosts(APPLIED, renamed)).rejects.toThrow("cdc:connectorName customer-cdc -> other");
    expect(readFileSync(file, "utf8")).toContain(
      "These changes cost something, and nothing is changed yet:\n- cdc:connectorName",
    );
    await tellCosts(APPLIED, SETTINGS);
  },
);

test("a yes that is given beforehand is told what it costs", async () => {
  process.env["CDC_ASK_FILE"] = "";
  await tellCosts(APPLIED, renamed);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("cdc:connectorName customer-cdc -> other"));
});

test("a Kafka of somebody else's in place of the stack's own: its volume goes, with each topic by name", async () => {
  const file = (process.env["CDC_ASK_FILE"] = join(folder, "asked"));
  const said = await tellCosts(APPLIED, { ...SETTINGS, existingKafka }).catch(({ message }: Error) => message);
  expect(String(said).split("\n").slice(1)).toEqual([
    "- cdc:bootstrapServers: another Kafka takes the place of the stack's own. The volumes of its brokers are deleted " +
      "(cdc-dev-kafka-data), and with them what they hold:",
    "  - topic shop.public.customers, with 0 records, all handled",
    "  - topic shop.dead-letters, with 3 records, 3 not yet handled",
    "  - Kafka Connect's offsets and the consumer's position",
    expect.stringMatching(/^ {2}Every row is read again/),
  ]);
  expect(existsSync(file)).toBe(true);
  expect(asked).toEqual([["shop.public.customers", "shop.dead-letters"]]);
  // Not the group that the consumer will have in the other Kafka: there, all would be unread.
  expect(lookedAt).toEqual([["127.0.0.1:29092", "cdc-consumer"]]);
});

test("so do topics that the state has not: of a transform, and of tables that were taken out; not those of Kafka and Kafka Connect", async () => {
  const upkeep = ["__consumer_offsets", "__debezium-heartbeat.shop", "cdc_connect_offsets", "shop.debezium.signals"];
  onBroker = ["outbox.event.order", "shop.public.former", "shop.dead-letters", ...upkeep];
  const file = (process.env["CDC_ASK_FILE"] = join(folder, "asked"));
  await expect(tellCosts(APPLIED, { ...SETTINGS, existingKafka })).rejects.toThrow("another Kafka");
  expect(existsSync(file)).toBe(true);
  expect(asked).toEqual([["shop.public.customers", "shop.dead-letters", "outbox.event.order", "shop.public.former"]]);
  onBroker = [];
});

test("a stack that never had brokers of its own loses none", async () => {
  process.env["CDC_ASK_FILE"] = join(folder, "asked");
  await tellCosts({ ...APPLIED, brokerVolumes: new Map() }, { ...SETTINGS, existingKafka });
});

describe("another existing Kafka", () => {
  const { bootstrapServers: _own, ...guest } = APPLIED;
  const former = { servers: "former:9092" };
  const applied: AppliedStack = {
    ...{ ...guest, brokers: 0, volumes: [], brokerVolumes: new Map(), kafkaClusters: ["A"] },
    connector: { ...APPLIED.connector!, kafka: former },
  };
  const settings = { ...SETTINGS, existingKafka };

  test("is asked for, with what is left in the former one, which is asked for its records", async () => {
    process.env["CDC_ASK_FILE"] = join(folder, "asked");
    const said = await tellCosts(applied, settings, [], "B").catch(({ message }: Error) => message);
    expect(String(said).split("\n").slice(1)).toEqual([
      "- cdc:bootstrapServers former:9092 (cluster A) -> k:9092 (cluster B): another Kafka, which has none of the topics' records, of Kafka " +
        "Connect's offsets and of the consumer's position. The connector begins anew: slot s is dropped with less than 1 MB of unread log. " +
        "Every row is read again (snapshotMode initial), so the handler gets each once more; for rows deleted meanwhile it gets no DELETE. " +
        "What the stack has made in the former one stays there, and the stack does not read it any more:",
      "  - topic shop.public.customers, with 0 records, all handled",
      "  - topic shop.dead-letters, with 3 records, 3 not yet handled",
    ]);
    expect(lookedAt).toEqual([[former, "cdc-dev-consumer"]]);
  });

  test("is asked for where the stack gets a Kafka of its own", async () => {
    process.env["CDC_ASK_FILE"] = join(folder, "asked");
    await expect(tellCosts({ ...applied, keepsTopics: false }, SETTINGS)).rejects.toThrow(
      /former:9092 \(cluster A\) -> the stack's own: another Kafka.* deleted there:/,
    );
  });

  test("where no row is read, the connector goes on with the slot", async () => {
    process.env["CDC_ASK_FILE"] = join(folder, "asked");
    await expect(tellCosts(applied, { ...settings, snapshotMode: "no_data" }, [], "B")).rejects.toThrow(
      "The connector goes on with what slot s holds. No row is read again",
    );
  });

  test("is asked for again while the connector still is where it was, as after an `up` that failed", async () => {
    process.env["CDC_ASK_FILE"] = join(folder, "asked");
    const amid = {
      ...{ ...applied, kafkaClusters: ["B", "A"] },
      connector: { ...applied.connector!, kafkaCluster: "A" },
    };
    await expect(tellCosts(amid, settings, [], "B")).rejects.toThrow("former:9092 (cluster A) -> k:9092 (cluster B)");
    expect(lookedAt).toEqual([[former, "cdc-dev-consumer"]]);
    // On the way to brokers of its own, the consumer's position still is in the former one.
    await expect(tellCosts({ ...amid, brokers: 1, kafkaClusters: ["own", "A"] }, SETTINGS)).rejects.toThrow(
      "former:9092 (cluster A) -> the stack's own",
    );
    expect(lookedAt[1]).toEqual([former, "cdc-dev-consumer"]);
    // Back to where the connector is, it costs nothing; nor once it has gone along.
    await tellCosts(amid, settings, [], "A");
    await tellCosts({ ...amid, connector: { ...amid.connector, kafkaCluster: "B" } }, settings, [], "B");
  });

  test.each([
    ["the same under other addresses", ["A"], "A"],
    ["one of a state that does not tell", [], "B"],
  ])("costs nothing: %s", async (_which, kafkaClusters, clusterId) => {
    process.env["CDC_ASK_FILE"] = join(folder, "asked");
    await tellCosts({ ...applied, kafkaClusters }, settings, [], clusterId);
  });
});

test("the state tells in which Kafka its topics are", () => {
  const provider = { type: "pulumi:providers:kafka", outputs: {} };
  const urn = (name: string) =>
    `urn:pulumi:dev::cdc::cdc:index:Pipeline$cdc:index:Topics$pulumi:providers:kafka::${name}`;
  const clusters = (name: string) => parseApplied({ [urn(name)]: provider }).kafkaClusters;
  expect(clusters("cdc-topics-provider-4L6g3nShT-eMCtK--X86sw")).toEqual(["4L6g3nShT-eMCtK--X86sw"]);
  expect(clusters("cdc-topics-provider")).toEqual(["own"]);
  expect(parseApplied({}).kafkaClusters).toBeUndefined();
});

test("the state tells in which Kafka the connector is, and which topics are somebody else's", () => {
  const outputs = { keeps: true, clusterId: "B", others: ["shop.public.customers"] };
  const state = {
    "urn:topics": { type: "cdc:index:Topics", outputs },
    "urn:connector": { type: "pulumi-nodejs:dynamic/debezium:Connector", outputs: { config: {}, kafkaCluster: "A" } },
  };
  expect(parseApplied(state)).toMatchObject({
    othersTopics: { clusterId: "B", names: ["shop.public.customers"] },
    connector: { kafkaCluster: "A" },
  });
});
