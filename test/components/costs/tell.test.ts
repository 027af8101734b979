import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../../../components/preflight/applied";
import { tellCosts } from "../../../components/costs";

const asked: string[][] = [];
jest.mock("../../../components/costs/costs-look", () => ({
  droppedTables: () => Promise.resolve([]),
  lookAtLosses: (_applied: unknown, topics: string[]) => {
    asked.push(topics);
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
  asked.length = 0;
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
});

test("a stack that never had brokers of its own loses none", async () => {
  process.env["CDC_ASK_FILE"] = join(folder, "asked");
  await tellCosts({ ...APPLIED, brokerVolumes: new Map() }, { ...SETTINGS, existingKafka });
});
