import { describe, expect, test } from "@jest/globals";
import { shapeFailures, unknownKeyFailures, validationFailures } from "../../../../components/connector/verbs/validate";
import type { ConnectorInputs } from "../../../../components/connector/connector-types";
import { UNKNOWN } from "../../../../program/dynamic/unknown";

const KNOWN = [
  "connector.class",
  "table.include.list",
  "database.hostname",
  "max.batch.size",
  "signal.poll.interval.ms",
];

describe("keys that the connector does not know", () => {
  test.each([
    ["table.include.lst", "table.include.list"],
    ["database.hostnam", "database.hostname"],
    ["max.bacth.size", "max.batch.size"],
  ])("%s: did you mean %s?", (key, meant) => {
    const [failure] = unknownKeyFailures({ [key]: "x" }, KNOWN);
    expect(failure).toEqual({
      property: `config["${key}"]`,
      reason: `Kafka Connect knows no such setting and would ignore it. Did you mean ${meant}?`,
    });
  });

  test("keys of parts beside the connector pass: its driver, its queue, its producer", () => {
    const keys = ["driver.socketFactory", "queue.provider.type", "producer.override.linger.ms"];
    expect(unknownKeyFailures(Object.fromEntries(keys.map((key) => [key, "x"])), KNOWN)).toEqual([]);
  });

  test("one that is like none is reported as well", () => {
    expect(unknownKeyFailures({ "wholly.made.up": 1 }, KNOWN)[0]?.reason).toBe(
      "Kafka Connect knows no such setting and would ignore it.",
    );
  });

  test.each([
    ["transforms.route.type"],
    ["predicates.p.type"],
    ["key.converter.schemas.enable"],
    ["producer.override.linger.ms"],
    ["topic.creation.default.partitions"],
    ["driver.sslrootcert"],
    ["signal.kafka.topic"],
    ["column.mask.with.4.chars"],
    ["snapshot.select.statement.overrides.public.a"],
    ["schema.history.internal.kafka.topic"],
    ["hibernate.c3p0.timeout"],
    ["name"],
  ])("%s belongs to somebody else", (key) => {
    expect(unknownKeyFailures({ [key]: "x" }, KNOWN)).toEqual([]);
  });

  test("a class of others may have families of keys of its own; a slip is one there, too", () => {
    const others = { "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector" };
    expect(unknownKeyFailures({ ...others, "wholly.made.up": 1 }, KNOWN)).toEqual([]);
    expect(unknownKeyFailures({ ...others, "max.batch.sise": 1 }, KNOWN)).toEqual([
      expect.objectContaining({ property: 'config["max.batch.sise"]' }),
    ]);
    const debezium = { "connector.class": "io.debezium.connector.mysql.MySqlConnector" };
    expect(unknownKeyFailures({ ...debezium, "wholly.made.up": 1 }, KNOWN)).toHaveLength(1);
  });

  test("converters bring keys under their own names", () => {
    expect(unknownKeyFailures({ converters: "isbn, other", "isbn.type": "x" }, ["converters"])).toEqual([]);
    expect(unknownKeyFailures({ converters: "isbn", "isbm.type": "x" }, ["converters"])).toHaveLength(1);
  });
});

describe("Connect's verdict", () => {
  const field = (name: string, error: string, recommended: string[] = []) => ({
    configs: [{ definition: { name }, value: { name, value: null, recommended_values: recommended, errors: [error] } }],
  });

  test("names the property, the value and what is allowed", () => {
    const verdict = field("snapshot.mode", "Value is invalid", ["initial", "no_data"]);
    expect(validationFailures({ "snapshot.mode": "initail" }, verdict, true)).toEqual([
      {
        property: 'config["snapshot.mode"]',
        reason: 'Value is invalid. The value is "initail". Allowed: initial, no_data.',
      },
    ]);
  });

  test("does not say twice what the error says already", () => {
    const verdict = field("snapshot.mode", "Value must be one of initial, no_data", ["initial", "no_data"]);
    const [failure] = validationFailures({ "snapshot.mode": "x" }, verdict, true);
    expect(failure?.reason).toBe('Value must be one of initial, no_data. The value is "x".');
  });

  test("never shows a password", () => {
    const [failure] = validationFailures({ "database.password": "hunter2" }, field("database.password", "bad"), false);
    expect(failure?.reason).not.toContain("hunter2");
  });

  test("never shows the value of a reference, whatever the key is called", () => {
    const verdict = field("snapshot.mode", "Invalid value hunter2 for configuration snapshot.mode", ["hunter2"]);
    const config = { "snapshot.mode": "${secrets:/kafka/secrets:mode}" };
    for (const atPreview of [true, false]) {
      expect(validationFailures(config, verdict, atPreview)).toEqual([
        {
          property: 'config["snapshot.mode"]',
          reason:
            "Kafka Connect refuses what the reference stands for. Its words are not shown, since they may hold it.",
        },
      ]);
    }
  });

  test("a failed login counts at create, with its remedy, and not at preview", () => {
    const verdict = field("database.hostname", 'Error: FATAL: password authentication failed for user "debezium"');
    const config = { "database.hostname": "postgres" };
    expect(validationFailures(config, verdict, true)).toEqual([]);
    expect(validationFailures(config, verdict, false)[0]?.reason).toContain(
      "Check database.user and database.password",
    );
  });

  test("what is not known yet is not judged at preview", () => {
    expect(validationFailures({ "max.batch.size": UNKNOWN }, field("max.batch.size", "no number"), true)).toEqual([]);
  });
});

describe("inputs that are wrong on their face", () => {
  const good: ConnectorInputs = {
    connectUrl: "http://127.0.0.1:8083",
    connectorName: "customer-cdc",
    config: { "connector.class": "a.B" },
    state: "RUNNING",
    keepOffsets: false,
    keepSlot: false,
    readyTimeoutSeconds: 1,
    deleteTimeoutSeconds: 1,
  };

  test.each<[string, object]>([
    ["connectUrl", { connectUrl: "localhost:8083" }],
    ["connectorName", { connectorName: "a/b" }],
    ["connectorName", { connectorName: "" }],
    ["state", { state: "running" }],
    ["readyTimeoutSeconds", { readyTimeoutSeconds: 0 }],
    ['config["connector.class"]', { config: {} }],
  ])("%s", (property, change) => {
    expect(shapeFailures({ ...good, ...change } as ConnectorInputs).map((failure) => failure.property)).toEqual([
      property,
    ]);
  });

  test("right ones, and those not known yet, pass", () => {
    expect(shapeFailures(good)).toEqual([]);
    const unknown = { ...good, connectUrl: UNKNOWN, connectorName: UNKNOWN, config: UNKNOWN, state: UNKNOWN };
    expect(shapeFailures(unknown as never)).toEqual([]);
  });
});
