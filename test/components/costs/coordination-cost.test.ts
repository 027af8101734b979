import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import type { AppliedStack } from "../../../components/preflight/applied";
import type { Coordination } from "../../../components/settings/coordination";
import { refuseOtherCoordination } from "../../../components/costs";
import { otherCoordinationText } from "../../../components/costs/coordination-cost";

const SETTINGS: Omit<Parameters<typeof refuseOtherCoordination>[1], "coordination"> = {
  tables: ["public.customers"],
  topicPrefix: "shop",
  connectorName: "customer-cdc",
  captureName: "debezium",
  snapshotMode: "initial",
  keepTopics: true,
  consumer: "handler",
  retentionMs: 7 * 86_400_000,
  cleanupPolicy: "delete",
  prefix: "cdc-dev",
};

function applied(coordination: Coordination, names: string[] = []): AppliedStack {
  const topics = names.map((name) => ({ name, retentionMs: 1, compacted: false, partitions: 1 }));
  const brokerVolumes = new Map([["cdc-dev-kafka-data", { coordination }]]);
  return {
    credentials: [],
    brokers: 1,
    containers: new Map(),
    networks: [],
    volumes: [],
    brokerVolumes,
    topics,
    keepsTopics: true,
  };
}

afterEach(() => {
  delete process.env["CDC_ANEW_FILE"];
  delete process.env["CDC_IMAGES_FIRST"];
});

test.each([
  ["zookeeper", "kraft"],
  ["kraft", "zookeeper"],
] as const)("a broker of %s is not brought up with %s: it could not read its volume", async (before, coordination) => {
  const refused = refuseOtherCoordination(applied(before), { ...SETTINGS, coordination });
  await expect(refused).rejects.toThrow(`cdc:coordination ${before} -> ${coordination}: neither can read`);
  await expect(refused).rejects.toThrow("`npm start` asks, and does that.");
  await expect(refused).rejects.toThrow(`pulumi config set coordination ${before}`);
});

test("the same one, a stack without a broker, another stack's, and a Kafka that somebody else runs are no move", async () => {
  const settings = { ...SETTINGS, coordination: "kraft" } as const;
  await refuseOtherCoordination(applied("kraft"), settings);
  await refuseOtherCoordination({ ...applied("kraft"), brokerVolumes: new Map() }, settings);
  await refuseOtherCoordination(applied("zookeeper"), { ...settings, prefix: "cdc-other" });
  const existingKafka = { servers: "k:9092", internalServers: "k:9092", security: { protocol: "PLAINTEXT" as const } };
  await refuseOtherCoordination(applied("zookeeper"), { ...settings, existingKafka });
});

test("a file tells npm start that the broker has to be made again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cdc-anew-"));
  const file = (process.env["CDC_ANEW_FILE"] = join(folder, "anew"));
  const refused = refuseOtherCoordination(applied("zookeeper"), { ...SETTINGS, coordination: "kraft" });
  await expect(refused).rejects.toThrow("The database stays as it is. Nothing is changed yet.");
  expect(existsSync(file)).toBe(true);
  rmSync(folder, { recursive: true });
});

test("the message names what is lost: each topic with its records, offsets, and that every row is read again", () => {
  const names = ["shop.public.customers", "shop.dead-letters"];
  const topics = new Map([["shop.public.customers", { records: 12, unread: 3 }]]);
  const settings = { ...SETTINGS, coordination: "kraft" } as const;
  const text = otherCoordinationText(applied("zookeeper", names), settings, { topics, unreadLog: 0 });
  expect(text.split("\n").slice(1)).toEqual([
    "- topic shop.public.customers, with 12 records, 3 not yet handled",
    "- topic shop.dead-letters, with 0 records, all handled",
    "- Kafka Connect's offsets, the consumer's position, and what the consumer's volume holds",
    "Every row is read again (snapshotMode initial), so the handler gets each once more; for rows deleted meanwhile it gets no DELETE.",
  ]);
});

test("it names what the state has not: topics of a transform and of tables taken out, and connectors of other programs", () => {
  const topics = new Map([
    ["shop.public.customers", { records: 12, unread: 0 }],
    ["outbox.event.order", { records: 5, unread: 2 }],
  ]);
  const settings = { ...SETTINGS, coordination: "kraft" } as const;
  const state = applied("zookeeper", ["shop.public.customers"]);
  const text = (seen: Parameters<typeof otherCoordinationText>[2]) =>
    otherCoordinationText(state, settings, seen).split("\n").slice(1, -2);
  expect(text({ topics, unreadLog: 0, connectors: ["billing"] })).toEqual([
    "- topic shop.public.customers, with 12 records, all handled",
    "- topic outbox.event.order, with 5 records, 2 not yet handled",
    "- connector billing in Kafka Connect, with its config and offsets: who declares it makes it again",
  ]);
  expect(text({ topics: undefined, unreadLog: 0, connectors: "unknown" })).toEqual([
    "- topic shop.public.customers, with all its records (how many could not be asked)",
    "- each further topic that there may be (which could not be asked)",
    "- each connector beside the pipeline's in Kafka Connect (which could not be asked)",
  ]);
});

test("its image is made while the old broker still runs", async () => {
  process.env["CDC_IMAGES_FIRST"] = "1";
  await refuseOtherCoordination(applied("zookeeper"), { ...SETTINGS, coordination: "kraft" });
});
