import { describe, expect, test } from "@jest/globals";
import { parseSettings } from "../../../components/settings/settings";
import { DEFAULTS } from "./defaults";

const problems = (change: Record<string, string>): string[] =>
  parseSettings({ ...DEFAULTS, ...change }, "cdc", "dev").problems;

test("takes the defaults", () => {
  const { settings, problems: found } = parseSettings(DEFAULTS, "cdc", "dev");
  expect(found).toEqual([]);
  expect(settings).toMatchObject({ prefix: "cdc-dev", postgresPort: 55432, tables: ["public.customers"] });
});

test("Postgres is 17 or 18, and not beside an image that has a version of its own", () => {
  const parse = (change: Record<string, string>) => parseSettings({ ...DEFAULTS, ...change }, "cdc", "dev");
  expect(parse({ postgresVersion: "18" })).toMatchObject({ problems: [], settings: { postgresVersion: 18 } });
  expect(problems({ postgresVersion: "16" })).toEqual([
    'cdc:postgresVersion is "16" (set in Pulumi.dev.yaml or by `pulumi config set`); allowed: 17, 18.',
  ]);
  expect(problems({ postgresVersion: "18", postgresImage: "postgres:18" })).toEqual([
    "cdc:postgresVersion (set in Pulumi.dev.yaml or by `pulumi config set`) is about the image that is built here, and " +
      "cdc:postgresImage names one with a version of its own. Take one of them away.",
  ]);
});

test("records are flushed by the stack's own brokers alone", () => {
  expect(problems({ flushBeforeAck: "true" })).toEqual([]);
  expect(problems({ flushBeforeAck: "true", bootstrapServers: "kafka.example:9092" })).toEqual([
    "cdc:flushBeforeAck is a property of the stack's own brokers, and cdc:bootstrapServers names somebody else's: whoever runs those " +
      "sets log.flush.interval.messages, or a topic's flush.messages. Take one of them away.",
  ]);
});

test("takes several tables, a schema's wildcard and Debezium keys", () => {
  const more = { tables: "public.a, sales.*", connectorConfig: '{"snapshot.fetch.size":100}' };
  const { settings, problems: found } = parseSettings({ ...DEFAULTS, ...more }, "cdc", "dev");
  expect(found).toEqual([]);
  expect(settings.tables).toEqual(["public.a", "sales.*"]);
  expect(settings.connectorConfig).toEqual({ "snapshot.fetch.size": 100 });
});

test("leaves a table out of its schema, and of nothing else", () => {
  const { settings, problems: found } = parseSettings(
    { ...DEFAULTS, tables: 'sales.*, !sales."Orders",!sales.Orders' },
    "cdc",
    "dev",
  );
  expect(found).toEqual([]);
  expect(settings.tables).toEqual(["sales.*", "!sales.Orders"]);
  expect(problems({ tables: "public.*,!sales.orders" })).toEqual([
    expect.stringContaining("!sales.orders leaves a table out of sales.*, which is not named. Take it away."),
  ]);
});

test("takes a table once, however it is written", () => {
  const { settings, problems: found } = parseSettings(
    { ...DEFAULTS, tables: 'public.Orders, public."Orders",public."a,b", "public" . "Orders",public.Orders' },
    "cdc",
    "dev",
  );
  expect(found).toEqual([]);
  expect(settings.tables).toEqual(["public.Orders", 'public."a,b"']);
});

describe("says what is wrong, where it was set and what is allowed", () => {
  test.each(["0", "65536", "-1", "1.5", "http", "", "0x50", "1e3", " 80"])("port %j", (postgresPort) => {
    expect(problems({ postgresPort })).toEqual([
      `cdc:postgresPort is ${JSON.stringify(postgresPort)} (set in Pulumi.dev.yaml or by \`pulumi config set\`); ` +
        "allowed: a whole number from 1 to 65535.",
    ]);
  });

  test.each(["", "customers", "public.", ".customers", "public.a,", "a.b.c", 'public."x', 'public.x"y'])(
    "table %j",
    (tables) => {
      expect(problems({ tables })).toEqual([
        expect.stringMatching(/^cdc:tables \(set in Pulumi\.dev\.yaml .*schema\.table or schema\.\*/),
      ]);
    },
  );

  test.each(["", "7", "0d", "1w", "-1", "1.5d", "Forever", "100000h"])("retention %j", (retention) => {
    expect(problems({ retention })).toEqual([
      `cdc:retention is ${JSON.stringify(retention)} (set in Pulumi.dev.yaml or by \`pulumi config set\`); ` +
        "allowed: hours or days, as in 12h and 30d, or forever.",
    ]);
  });

  test.each([
    ["postgresMemoryMb", "511", 512],
    ["kafkaMemoryMb", "1g", 768],
    ["connectMemoryMb", "", 1024],
    ["consumerMemoryMb", "1048577", 384],
  ])("%s %j", (key, value, least) => {
    expect(problems({ [key]: value })).toEqual([
      `cdc:${key} is ${JSON.stringify(value)} (set in Pulumi.dev.yaml or by \`pulumi config set\`); ` +
        `allowed: a whole number from ${least} to 1048576.`,
    ]);
  });

  test.each([
    ["brokers", "2.5", 7],
    ["partitions", "1.5", 10_000],
    ["minInsyncReplicas", "0x0", 32],
  ])("%s %s, which the CLI hands over as it is", (key, value, most) => {
    expect(problems({ [key]: value })).toEqual([
      expect.stringMatching(new RegExp(`^cdc:${key} is "${value}".*; allowed: a whole number from \\d to ${most}\\.$`)),
    ]);
  });

  test.each(["", "yes", "1", "True"])("keepTopics %j", (keepTopics) => {
    expect(problems({ keepTopics })).toEqual([
      `cdc:keepTopics is ${JSON.stringify(keepTopics)} (set in Pulumi.dev.yaml or by \`pulumi config set\`); allowed: true, false.`,
    ]);
  });

  test.each(["", "deleted", "compact,compact", "delete compact", "COMPACT"])("cleanupPolicy %j", (cleanupPolicy) => {
    expect(problems({ cleanupPolicy })).toEqual([
      `cdc:cleanupPolicy is ${JSON.stringify(cleanupPolicy)} (set in Pulumi.dev.yaml or by \`pulumi config set\`); ` +
        'allowed: delete, compact, "compact,delete".',
    ]);
  });

  test.each(["", "INFO", "trace", "verbose"])("logLevel %j", (logLevel) => {
    expect(problems({ logLevel })).toEqual([
      `cdc:logLevel is ${JSON.stringify(logLevel)} (set in Pulumi.dev.yaml or by \`pulumi config set\`); ` +
        "allowed: error, warn, info, debug.",
    ]);
  });

  test("tables whose changes would go to one topic", () => {
    expect(problems({ tables: 'public."a b",public.a_b' })).toEqual([
      "cdc:tables (set in Pulumi.dev.yaml or by `pulumi config set`): public.a b, public.a_b: their changes would go to " +
        "one topic, <topicPrefix>.public.a_b. Rename one of them, or name one alone.",
    ]);
  });

  test("an unknown key, with the one that was meant", () => {
    expect(problems({ postgressPort: "1" })).toEqual([expect.stringContaining("Did you mean postgresPort?")]);
  });

  test("one port for two things", () => {
    expect(problems({ connectPort: "55432" })[0]).toContain("cdc:postgresPort has this one already");
  });

  test.each(["debezium", "pg_monitor", "public", "none", "Me"])("user %s", (user) => {
    expect(problems({ user })).toEqual([expect.stringContaining(`cdc:user is "${user}" (set in Pulumi.dev.yaml`)]);
  });

  test.each(["template0", "template1", "1st"])("database %s", (database) => {
    expect(problems({ database })).toEqual([expect.stringContaining(`cdc:database is "${database}"`)]);
  });

  test("the password of the connector's role, which is a setting of its own, shown nowhere", () => {
    const refusal =
      'cdc:connectorConfig["database.password"] is refused: the role has the password that the stack knows. ' +
      "Set cdc:capturePassword instead. Allowed: with connectUrl a reference.";
    expect(problems({ connectorConfig: '{"database":{"password":"x"}}' })).toEqual([refusal]);
    expect(problems({ connectorConfig: '{"database.password":"${vault:cdc:password}"}' })).toEqual([refusal]);
  });

  test("another word for the connector in plain text", () => {
    expect(problems({ connectorConfig: '{"database":{"sslpassword":"x"}}' })).toEqual([
      expect.stringMatching(
        /^cdc:connectorConfig\["database\.sslpassword"\] is set as plain text; set it with .*--secret/,
      ),
    ]);
  });

  test("a value of Debezium's that it would refuse, unless somebody else's Debezium is to say so", () => {
    const connectorConfig = '{"decimal.handling.mode":"never"}';
    expect(problems({ connectorConfig })).toEqual([
      expect.stringMatching(/^cdc:connectorConfig\["decimal\.handling\.mode"\] is "never"; allowed: double, /),
    ]);
    expect(problems({ connectorConfig, kafkaImage: "me/kafka:1" })).toEqual([]);
  });

  test("several at once", () => {
    expect(
      problems({ snapshotMode: "never", logFormat: "xml", connectorConfig: "[]", maxRecordMb: "65" }),
    ).toHaveLength(4);
  });
});

test("topics for the consumer are names, which may have a *, but not first", () => {
  const topics = (consumerTopics: string) => parseSettings({ ...DEFAULTS, consumerTopics }, "cdc", "dev");
  expect(topics(" outbox.event.*, audit ,audit").settings.consumerTopics).toEqual(["outbox.event.*", "audit"]);
  expect(topics("").settings.consumerTopics).toEqual([]);
  expect(topics("*").problems).toEqual([
    'cdc:consumerTopics is "*" (set in Pulumi.dev.yaml or by `pulumi config set`); allowed: names of topics, separated by ' +
      "commas, in which * stands for any characters, but not first.",
  ]);
});

test("the consumer is the project's, none, or an image with a tag, so that a mistyped word is no image", () => {
  for (const consumer of ["handler", "none", "me/consumer:1", "registry.example:5000/a/b:v2", "me/c@sha256:0123abc"])
    expect(problems({ consumer })).toEqual([]);
  for (const consumer of ["non", "me/consumer", "a b:1", ""])
    expect(problems({ consumer })).toEqual([
      `cdc:consumer is ${JSON.stringify(consumer)} (set in Pulumi.dev.yaml or by \`pulumi config set\`); allowed: handler, none, or an image with its tag, as in my/consumer:1.`,
    ]);
});
