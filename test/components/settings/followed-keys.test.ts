import { expect, test } from "@jest/globals";
import { FOLLOWED } from "../../../components/settings/followed-keys";
import { parseSettings } from "../../../components/settings/settings";
import { DEFAULTS } from "./defaults";

const problems = (
  config: Record<string, unknown>,
  more: Record<string, string> = {},
  secrets: string[] = [],
): string[] =>
  parseSettings({ ...DEFAULTS, ...more, connectorConfig: JSON.stringify(config) }, "cdc", "dev", secrets).problems;

test.each([
  ["topic.prefix", "shop", "cdc:topicPrefix"],
  ["slot.name", "mine", "cdc:connectorName"],
  ["publication.name", "mine", "cdc:captureName"],
  ["table.include.list", "public.orders", "cdc:tables"],
  ["schema.exclude.list", "sales", "cdc:tables"],
  ["signal.data.collection", "public.signals", "cdc:captureName"],
  ["database.hostname", "db.example", "cdc:databaseUrl or cdc:databaseAddress"],
  ["database.user", "me", "cdc:captureName"],
  ["snapshot.mode", "when_needed", "cdc:snapshotMode"],
  ["name", "mine", "cdc:connectorName"],
  ["exactly.once.support", "required", "cdc:exactlyOnce"],
])("%s is refused by its name, with the setting to use instead", (key, value, setting) => {
  expect(problems({ [key]: value })).toEqual([
    expect.stringMatching(
      new RegExp(`^cdc:connectorConfig\\["${key}"\\] is refused: .*\\. Set ${setting} instead\\.$`),
    ),
  ]);
});

test.each([
  ["topic.delimiter", "-", /Take it away\. Allowed: \.\.$/],
  ["plugin.name", "decoderbufs", /Take it away\. Allowed: pgoutput\.$/],
  ["heartbeat.interval.ms", 0, /Allowed: any above 0\.$/],
  ["notification.enabled.channels", "log", /Allowed: any with sink\.$/],
  ["value.converter", "io.confluent.connect.avro.AvroConverter", /reads JSON; .* Set cdc:consumer instead/],
])("%s %s is refused: no setting is about it", (key, value, said) => {
  expect(problems({ [key]: value })).toEqual([expect.stringMatching(said)]);
});

test("what says the same as the settings goes on, and so does what nobody else follows", () => {
  const same = {
    ...{ "topic.prefix": "shop", "slot.name": "cdc_dev_customer_cdc", "publication.name": "debezium" },
    ...{ "snapshot.mode": "INITIAL", "plugin.name": "pgoutput", "database.user": "debezium" },
  };
  expect(problems(same, { topicPrefix: "shop" })).toEqual([]);
  expect(
    problems({
      ...{ "heartbeat.interval.ms": 1000, "signal.enabled.channels": "source,kafka", "skipped.operations": "t" },
      ...{ "column.exclude.list": "public.a.b", "message.key.columns": "public.a:b", "snapshot.fetch.size": 10 },
      ...{ "key.converter": "org.apache.kafka.connect.storage.StringConverter", "slot.failover": true },
    }),
  ).toEqual([]);
  expect(problems({ "value.converter": "io.x.AvroConverter" }, { consumer: "me/consumer:1" })).toEqual([]);
});

test("a secret value is refused by its key, and a key of every object is none of the list", () => {
  expect(problems({ "database.password": "word" }, {}, ["cdc:connectorConfig"])).toEqual([
    expect.stringContaining("Set cdc:capturePassword instead"),
  ]);
  expect(problems({ toString: "x" })).toEqual([
    expect.stringContaining('["toString"]: Kafka Connect knows no such setting'),
  ]);
});

test("on somebody else's Kafka Connect the password may be a reference", () => {
  const there = {
    bootstrapServers: "kafka.example:9092",
    connectUrl: "http://connect.example:8083",
    databaseAddress: "db:1",
  };
  expect(problems({ "database.password": "${vault:cdc:password}" }, there)).toEqual([]);
  expect(problems({ "topic.prefix": "shop" }, there)).toEqual([expect.stringContaining("Set cdc:topicPrefix")]);
});

test("each of the list is a sentence", () => {
  for (const [key, { why }] of Object.entries(FOLLOWED))
    expect([key, why]).toEqual([key, expect.not.stringMatching(/\.$/)]);
});
