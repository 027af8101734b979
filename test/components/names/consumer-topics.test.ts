import { expect, test } from "@jest/globals";
import { routedTopics } from "../../../components/names/consumer-topics";

const TOPICS = ["p.public.customers", "p.public.orders_eu", "p.public.orders_us", "p.public.outbox"];

const transform = (name: string, type: string, options: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries({ type, ...options }).map(([key, value]) => [`transforms.${name}.${key}`, value]));

const patternsOf = (config: Record<string, string>) => routedTopics(config, TOPICS).patterns;

test("without transforms there are no further topics", () => {
  expect(routedTopics({}, TOPICS)).toEqual({ patterns: [], warnings: [] });
});

test.each([
  ["an outbox", transform("t", "io.debezium.transforms.outbox.EventRouter"), ["outbox.event.*"]],
  [
    "an outbox with names of its own",
    transform("t", "io.debezium.transforms.outbox.EventRouter", {
      "route.topic.replacement": "events-${routedByValue}-v1",
    }),
    ["events-*-v1"],
  ],
  [
    "tables put together",
    transform("t", "io.debezium.transforms.ByLogicalTableRouter", {
      "topic.regex": "(.*)\\.orders_.*",
      "topic.replacement": "$1.orders",
    }),
    ["p.public.orders"],
  ],
  [
    "topics renamed, by a group's name",
    transform("t", "org.apache.kafka.connect.transforms.RegexRouter", {
      regex: "p\\.public\\.(?<table>orders_.*)",
      replacement: "${table}",
    }),
    ["orders_eu", "orders_us"],
  ],
  [
    "a regex that matches a part of the name only",
    transform("t", "org.apache.kafka.connect.transforms.RegexRouter", { regex: "orders", replacement: "all" }),
    [],
  ],
  [
    "chunks of a hypertable",
    transform("t", "io.debezium.connector.postgresql.transforms.timescaledb.TimescaleDb"),
    ["timescaledb.*"],
  ],
  [
    "chunks of a hypertable, with a prefix of its own",
    transform("t", "io.debezium.connector.postgresql.transforms.timescaledb.TimescaleDb", {
      "target.topic.prefix": "series",
    }),
    ["series.*"],
  ],
  ["another partition", transform("t", "io.debezium.transforms.partitions.PartitionRouting"), []],
  ["rows without their envelope", transform("t", "io.debezium.transforms.ExtractNewRecordState"), []],
  ["columns left out", transform("t", "org.apache.kafka.connect.transforms.ReplaceField$Value"), []],
])("%s: %j", (_what, config, patterns) => {
  expect(routedTopics({ transforms: "t", ...config }, TOPICS)).toEqual({ patterns, warnings: [] });
});

test.each([
  ["${routedByValue}", "*"],
  ["${routedByValue}.events", "*.events"],
  ["events of ${routedByValue}", "events of *"],
])("an outbox to %s has no pattern that the consumer would end at, and says what to set", (replacement, named) => {
  const outbox = transform("box", "io.debezium.transforms.outbox.EventRouter", {
    "route.topic.replacement": replacement,
  });
  const { patterns, warnings } = routedTopics({ transforms: "box", ...outbox }, TOPICS);
  expect(patterns).toEqual([]);
  expect(warnings).toEqual([
    expect.stringContaining(
      `transforms.box sends records to topics called "${named}", which the consumer does not read`,
    ),
  ]);
  expect(warnings[0]).toContain("name them in cdc:consumerTopics");
});

test("a later transform may give such topics a word to begin with", () => {
  const config = {
    transforms: "box,prefix",
    ...transform("box", "io.debezium.transforms.outbox.EventRouter", { "route.topic.replacement": "${routedByValue}" }),
    ...transform("prefix", "org.apache.kafka.connect.transforms.RegexRouter", { regex: "\\*", replacement: "x.*" }),
  };
  expect(patternsOf(config)).toEqual(["x.*"]);
});

test("one transform takes over what the one before it has renamed, and what it left by a predicate", () => {
  expect(
    patternsOf({
      transforms: "first, second",
      ...transform("first", "org.apache.kafka.connect.transforms.RegexRouter", {
        regex: "p\\.public\\.outbox",
        replacement: "box",
      }),
      ...transform("second", "org.apache.kafka.connect.transforms.RegexRouter", { regex: "box", replacement: "mail" }),
    }),
  ).toEqual(["box", "mail"]);
});

test.each([
  [
    transform("t", "io.debezium.transforms.ContentBasedRouter"),
    "io.debezium.transforms.ContentBasedRouter is not known here",
  ],
  [
    transform("t", "io.confluent.connect.transforms.ExtractTopic$Value"),
    "io.confluent.connect.transforms.ExtractTopic$Value is not known here",
  ],
  [
    transform("t", "io.debezium.transforms.ExtractNewRecordState", { "route.by.field": "region" }),
    "its topic is the value of a column",
  ],
  [
    transform("t", "org.apache.kafka.connect.transforms.RegexRouter", { regex: "(?i)P.*", replacement: "x" }),
    "Invalid regular expression: /^(?:(?i)P.*)$/: Invalid group",
  ],
])("topics of %j cannot be known", (config, reason) => {
  expect(routedTopics({ transforms: "t", ...config }, TOPICS)).toEqual({
    patterns: [],
    warnings: [
      `The topics to which transforms.t sends records are not known (${reason}); the consumer does not read them. ` +
        "Name them in cdc:consumerTopics.",
    ],
  });
});

test("a topic for each day is read, with a warning that Debezium's records have no time to route by", () => {
  const config = transform("t", "org.apache.kafka.connect.transforms.TimestampRouter", {
    "topic.format": "${topic}.${timestamp}",
  });
  expect(routedTopics({ transforms: "t", ...config }, TOPICS)).toEqual({
    patterns: TOPICS.map((topic) => `${topic}.*`),
    warnings: [
      "transforms.t: TimestampRouter fails the connector's task at its first record (Timestamp missing on record), since " +
        "Debezium's records get their time from Kafka. Route by RegexRouter or ByLogicalTableRouter.",
    ],
  });
});

test.each<[string, string[]]>([
  ["tombstone", []],
  ["rewrite", []],
  ["rewrite-with-tombstone", []],
  [
    "drop",
    ["transforms.t: deletes are dropped (delete.tombstone.handling.mode); `rewrite-with-tombstone` keeps them."],
  ],
  [
    "delete-to-tombstone",
    [
      "transforms.t: of a delete only the tombstone is left (delete.tombstone.handling.mode is delete-to-tombstone), which the " +
        "handler does not get; `rewrite-with-tombstone` keeps the delete.",
    ],
  ],
])("a warning names deletes that the handler does not get: %s", (mode, warnings) => {
  const config = transform("t", "io.debezium.transforms.ExtractNewRecordState", {
    "delete.tombstone.handling.mode": mode,
  });
  expect(routedTopics({ transforms: "t", ...config }, TOPICS).warnings).toEqual(warnings);
});
