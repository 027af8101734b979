import { describe, expect, test } from "@jest/globals";
import { type AppliedStack, parseApplied } from "../../../components/preflight/applied";
import { costsOf, type CostSettings, type DataAtStake } from "../../../components/costs/costs";
import { leavingTopics } from "../../../components/costs/declared-topics";

const SETTINGS: CostSettings = {
  tables: ["public.customers", "public.orders"],
  topicPrefix: "shop",
  connectorName: "customer-cdc",
  captureName: "debezium",
  snapshotMode: "initial",
  keepTopics: true,
  consumer: "handler",
  retentionMs: 7 * 86_400_000,
  cleanupPolicy: "delete",
};

const APPLIED: AppliedStack = {
  bootstrapServers: "127.0.0.1:29092",
  credentials: [],
  brokers: 1,
  volumes: [],
  networks: [],
  containers: new Map(),
  brokerVolumes: new Map(),
  topics: ["shop.public.customers", "shop.public.orders", "shop.message", "shop.dead-letters"].map((name) => ({
    name,
    retentionMs: 7 * 86_400_000,
    compacted: false,
    partitions: 1,
  })),
  keepsTopics: true,
  connector: { connectorName: "customer-cdc", topicPrefix: "shop", slotName: "cdc_dev_customer_cdc" },
  capture: { captureName: "debezium", captured: ["public.customers", "public.orders"] },
};

const NOTHING: AppliedStack = {
  credentials: [],
  brokers: 0,
  volumes: [],
  networks: [],
  containers: new Map(),
  brokerVolumes: new Map(),
  topics: [],
  keepsTopics: false,
};
const EMPTY: DataAtStake = { topics: new Map(), unreadLog: 0 };

function costs(change: Partial<CostSettings>, seen: DataAtStake = EMPTY, applied: AppliedStack = APPLIED) {
  const settings = { ...SETTINGS, ...change };
  return costsOf(applied, settings, leavingTopics(applied, settings, []), seen);
}

const ordersWith = (records: number, unread: number): DataAtStake => ({
  topics: new Map([["shop.public.orders", { records, unread }]]),
  unreadLog: 0,
});

test("a new stack, and one whose settings are as they were, cost nothing", () => {
  expect(costs({}, EMPTY, NOTHING)).toEqual([]);
  expect(costs({ topicPrefix: "other", connectorName: "other" }, EMPTY, NOTHING)).toEqual([]);
  expect(costs({})).toEqual([]);
  expect(costs({ tables: ["public.*"] })).toEqual([]);
});

describe("a table that is taken out", () => {
  const tables = ["public.customers"];

  test("leaves its topic; with nothing unread that is told and not asked", () => {
    expect(costs({ tables }, ordersWith(7, 0))).toEqual([
      {
        text: "Topic shop.public.orders: stays in Kafka with 7 records, all handled; nothing writes to it any more, and the stack does not read it.",
        loses: false,
      },
    ]);
  });

  test("is asked about when the handler has not had all of it, or nobody knows", () => {
    expect(costs({ tables }, ordersWith(7, 1))).toEqual([
      expect.objectContaining({ text: expect.stringContaining("7 records, 1 not yet handled;"), loses: true }),
    ]);
    expect(costs({ tables }, { topics: undefined, unreadLog: 0 })).toEqual([
      expect.objectContaining({ text: expect.stringContaining("how many could not be asked"), loses: true }),
    ]);
  });

  test("of a stack without a consumer leaves its records to whoever reads them", () => {
    expect(costs({ tables, consumer: "none" }, ordersWith(7, 7))).toEqual([
      {
        text: "Topic shop.public.orders: stays in Kafka with 7 records; nothing writes to it any more, and the stack does not read it.",
        loses: false,
      },
    ]);
  });

  test("takes its records along where topics are not kept, also those that were read", () => {
    const applied = { ...APPLIED, keepsTopics: false };
    expect(costs({ tables }, ordersWith(1, 0), applied)).toEqual([
      { text: "Topic shop.public.orders: deleted, with 1 record, all handled.", loses: true },
    ]);
    expect(costs({ tables }, EMPTY, applied)).toEqual([expect.objectContaining({ loses: false })]);
  });

  test("keeps its topic once more when keepTopics has changed in the same run, and that is said", () => {
    const [cost] = costs({ tables, keepTopics: false }, ordersWith(7, 0));
    expect(cost?.text).toMatch(
      /^Topic shop\.public\.orders: stays .* cdc:keepTopics false counts for what leaves after/,
    );
  });
});

test("of a whole schema leaves what the database has no longer", () => {
  const settings = { ...SETTINGS, tables: ["public.*"] };
  expect(leavingTopics(APPLIED, settings, ["public.orders"])).toEqual(["shop.public.orders"]);
  const leftOut = { ...settings, tables: [...settings.tables, "!public.orders"] };
  expect(leavingTopics(APPLIED, leftOut, [])).toEqual(["shop.public.orders"]);
  expect(leavingTopics(APPLIED, { ...SETTINGS, tables: ["sales.*"] }, [])).toEqual([
    "shop.public.customers",
    "shop.public.orders",
  ]);
});

test("another topicPrefix: all rows once more, the old topics and dead letters by name", () => {
  const seen: DataAtStake = { topics: new Map([["shop.dead-letters", { records: 2, unread: 2 }]]), unreadLog: 0 };
  const found = costs({ topicPrefix: "store" }, seen);
  expect(found.map(({ text }) => text.split(":").slice(0, 2).join(":"))).toEqual([
    "cdc:topicPrefix shop -> store",
    "Topic shop.public.customers: stays in Kafka with 0 records, all handled; nothing writes to it any more, and the stack does not read it.",
    "Topic shop.public.orders: stays in Kafka with 0 records, all handled; nothing writes to it any more, and the stack does not read it.",
    "Topic shop.message: stays in Kafka with 0 records, all handled; nothing writes to it any more, and the stack does not read it.",
    "Dead letters shop.dead-letters: stays in Kafka with 2 records; nothing writes to it any more, and the stack does not read it.",
  ]);
  expect(found.map(({ loses }) => loses)).toEqual([true, false, false, false, false]);
  expect(found[0]?.text).toContain("Every row is read again (snapshotMode initial)");
});

test("a shorter retention names the topics whose records go; a longer one, and empty topics, cost nothing", () => {
  const found = costs({ retentionMs: 36 * 3_600_000 }, ordersWith(7, 2));
  expect(found).toEqual([
    {
      text: "Topic shop.public.customers: Kafka deletes what is older than 36 h of 0 records, all handled.",
      loses: false,
    },
    {
      text: "Topic shop.public.orders: Kafka deletes what is older than 36 h of 7 records, 2 not yet handled.",
      loses: true,
    },
  ]);
  expect(costs({ retentionMs: -1 }, ordersWith(7, 2))).toEqual([]);
});

test("compaction names the topics whose older records go, and a way back from it the retention that counts again", () => {
  const [, orders] = costs({ cleanupPolicy: "compact" }, ordersWith(7, 2));
  expect(orders).toEqual({
    text: "Topic shop.public.orders: Kafka keeps the newest record of each key alone of 7 records, 2 not yet handled.",
    loses: true,
  });
  const topics = APPLIED.topics.map(({ name }) => ({ name, retentionMs: -1, compacted: true, partitions: 1 }));
  const compacted = { ...APPLIED, topics };
  expect(costs({ cleanupPolicy: "compact" }, ordersWith(7, 2), compacted)).toEqual([]);
  expect(costs({ cleanupPolicy: "compact,delete" }, ordersWith(7, 0), compacted).map(({ text }) => text)).toEqual([
    "Topic shop.public.customers: Kafka deletes what is older than 168 h of 0 records, all handled.",
    "Topic shop.public.orders: Kafka deletes what is older than 168 h of 7 records, all handled.",
  ]);
});

describe("a connector that begins anew", () => {
  test("says what of the log goes unread", () => {
    expect(costs({ connectorName: "orders-cdc" }, { topics: new Map(), unreadLog: 12_400_000 })).toEqual([
      {
        text:
          "cdc:connectorName customer-cdc -> orders-cdc: the connector begins anew. Slot cdc_dev_customer_cdc is dropped " +
          "with 12 MB of unread log, and the offsets go with it. Every row is read again (snapshotMode initial), so the " +
          "handler gets each once more; for rows deleted meanwhile it gets no DELETE.",
        loses: true,
      },
    ]);
    const [cost] = costs({ captureName: "cdc" }, { topics: new Map(), unreadLog: undefined });
    expect(cost?.text).toMatch(/^cdc:captureName debezium -> cdc: .*\(how much could not be asked\)/);
  });

  test("without a snapshot says that changes are missing for good", () => {
    const [cost] = costs({ connectorName: "orders-cdc", snapshotMode: "no_data" });
    expect(cost?.text).toContain(
      "No row is read again (snapshotMode no_data): what was changed meanwhile never arrives.",
    );
  });
});

test("of a program with more than a pipeline only what is the pipeline's counts", () => {
  const connector = (name: string) => ({
    type: "pulumi-nodejs:dynamic/debezium:Connector",
    outputs: { connectorName: name, config: {} },
  });
  const own = "urn:pulumi:dev::shop::cdc:index:Pipeline$pulumi-nodejs:dynamic/debezium:Connector::customer-cdc";
  const state = {
    "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/debezium:Connector::archive": connector("archive"),
    [own]: connector("customer-cdc"),
  };
  expect(parseApplied(state).connector?.connectorName).toBe("customer-cdc");
});

test("what was applied last is read from the state as the engine tells it", () => {
  const urn = (type: string, name: string) => `urn:pulumi:dev::cdc::${type}::${name}`;
  const resource = (type: string, name: string, outputs: Record<string, unknown>) => [
    urn(type, name),
    { type, outputs },
  ];
  const state = Object.fromEntries([
    resource("cdc:index:Kafka", "kafka", { bootstrapServers: "127.0.0.1:29092" }),
    resource("cdc:index:Topics", "topics", { names: [], keeps: true }),
    resource("docker:index/volume:Volume", "kafka-data", {
      name: "cdc-dev-kafka-data",
      labels: [{ label: "cdc.stack", value: "cdc-dev" }],
    }),
    resource("docker:index/volume:Volume", "second-data", {
      name: "second-kafka-data",
      labels: [{ label: "cdc.coordination", value: "kraft" }],
    }),
    resource("docker:index/volume:Volume", "state", { name: "cdc-dev-consumer-state" }),
    resource("docker:index/container:Container", "kafka", { name: "cdc-dev-kafka", id: "0a1b" }),
    resource("kafka:index/topic:Topic", "shop.public.customers", {
      name: "shop.public.customers",
      partitions: 1,
      config: { "cleanup.policy": "delete", "retention.ms": "-1" },
    }),
    resource("pulumi-nodejs:dynamic/postgres:Capture", "capture", {
      publication: "debezium",
      captured: ["public.customers"],
    }),
    resource("pulumi-nodejs:dynamic/debezium:Connector", "customer-cdc", {
      connectorName: "customer-cdc",
      config: { "topic.prefix": "shop", "slot.name": "cdc_dev_customer_cdc" },
    }),
  ]);
  expect(parseApplied(state)).toEqual({
    credentials: [],
    brokers: 1,
    bootstrapServers: "127.0.0.1:29092",
    networks: [],
    containers: new Map([["cdc-dev-kafka", "0a1b"]]),
    volumes: ["cdc-dev-kafka-data", "second-kafka-data", "cdc-dev-consumer-state"],
    brokerVolumes: new Map([
      ["cdc-dev-kafka-data", { coordination: "zookeeper" }],
      ["second-kafka-data", { coordination: "kraft" }],
    ]),
    topics: [{ name: "shop.public.customers", retentionMs: -1, compacted: false, partitions: 1, copies: 1 }],
    keepsTopics: true,
    connector: {
      connectorName: "customer-cdc",
      topicPrefix: "shop",
      slotName: "cdc_dev_customer_cdc",
      database: undefined,
    },
    capture: { captureName: "debezium", captured: ["public.customers"] },
  });
  expect(parseApplied({})).toEqual({
    credentials: [],
    brokers: 0,
    bootstrapServers: undefined,
    volumes: [],
    networks: [],
    containers: new Map(),
    brokerVolumes: new Map(),
    topics: [],
    keepsTopics: false,
  });
});
