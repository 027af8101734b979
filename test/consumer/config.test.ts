import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { readConfig } from "../../consumer/config";

const NEEDED = {
  KAFKA_BROKERS: "kafka:9092",
  KAFKA_TOPICS: "cdctest.public.customers",
  KAFKA_GROUP_ID: "cdc-consumer",
  KAFKA_DEAD_LETTER_TOPIC: "cdctest.dead-letters",
};

function problemsOf(env: { [name: string]: string | undefined }): string[] {
  try {
    readConfig({ ...NEEDED, ...env }, "/app");
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

describe("the environment", () => {
  test("needs four variables; everything else has a default", () => {
    expect(readConfig(NEEDED, "/app")).toEqual({
      brokers: ["kafka:9092"],
      kafkaSecurity: {},
      connectSecurity: {},
      topics: ["cdctest.public.customers"],
      furtherTopics: [],
      groupId: "cdc-consumer",
      deadLetterTopic: "cdctest.dead-letters",
      retryTopic: null,
      slot: null,
      slotName: "",
      preferredTopic: null,
      member: null,
      httpPort: 8088,
      logFormat: "json",
      logLevel: "info",
      connectUrl: null,
      connectorName: null,
      postgresAddress: null,
      allowedHosts: [],
      recentChanges: 10_000,
      recentBytes: 16 * 1024 * 1024,
      handlerAttempts: 5,
      handlerBackoffMs: 100,
      handlerTimeoutMs: null,
      handlerStuckMs: 300_000,
      pageDirectory: "/app/page",
      stateDirectory: null,
      kafkajsParts: ["decoder", "timers", "stops", "commits", "topics"],
    });
  });

  test("lists are comma-separated, with spaces allowed and repetitions dropped", () => {
    const config = readConfig(
      { ...NEEDED, KAFKA_BROKERS: "a:1, b:2,", KAFKA_TOPICS: "x,y,x", ALLOWED_HOSTS: "h.x" },
      "/",
    );
    expect(config).toMatchObject({ brokers: ["a:1", "b:2"], topics: ["x", "y"], allowedHosts: ["h.x"] });
  });

  test.each([
    ["changed", ["decoder", "timers", "stops", "commits", "topics"]],
    ["as-published", []],
    ["timers,stops,commits,topics", ["timers", "stops", "commits", "topics"]],
  ])("of kafkajs %s replaces %j", (text, parts) => {
    expect(readConfig({ ...NEEDED, KAFKAJS: text }, "/").kafkajsParts).toEqual(parts);
  });

  test("empty is the same as not set", () => {
    expect(readConfig({ ...NEEDED, HTTP_PORT: "", CONNECT_URL: "", LOG_FORMAT: "" }, "/app")).toEqual(
      readConfig(NEEDED, "/app"),
    );
  });

  test.each([
    [{ KAFKA_BROKERS: undefined }, "KAFKA_BROKERS is not set; it must be host:port, comma-separated"],
    [{ KAFKA_BROKERS: "kafka" }, 'KAFKA_BROKERS is "kafka"; allowed: host:port, comma-separated'],
    [{ KAFKA_TOPICS: "a b" }, 'KAFKA_TOPICS is "a b"; allowed: topic names, comma-separated'],
    [{ HTTP_PORT: "80x" }, 'HTTP_PORT is "80x"; allowed: a whole number from 0 to 65535'],
    [{ HTTP_PORT: "70000" }, 'HTTP_PORT is "70000"; allowed: a whole number from 0 to 65535'],
    [{ LOG_LEVEL: "trace" }, 'LOG_LEVEL is "trace"; allowed: error, warn, info or debug'],
    [
      { KAFKAJS: "decoder,hooks" },
      'KAFKAJS is "decoder,hooks"; allowed: changed, as-published, or some of decoder,timers,stops,commits,topics',
    ],
    [{ LOG_FORMAT: "xml" }, 'LOG_FORMAT is "xml"; allowed: json or text'],
    [
      { KAFKA_FURTHER_TOPICS: "*" },
      'KAFKA_FURTHER_TOPICS is "*"; allowed: topic names, comma-separated, in which * stands for any characters',
    ],
    [{ HANDLER_TIMEOUT_MS: "0" }, 'HANDLER_TIMEOUT_MS is "0"; allowed: a whole number from 1 to 86400000'],
    [{ CONNECT_URL: "connect:8083" }, 'CONNECT_URL is "connect:8083"; allowed: an http URL'],
    [{ POSTGRES_ADDRESS: "postgres" }, 'POSTGRES_ADDRESS is "postgres"; allowed: host:port'],
    [
      { KAFKA_DEAD_LETTER_TOPIC: "cdctest.public.customers" },
      'KAFKA_DEAD_LETTER_TOPIC is "cdctest.public.customers", which is also one of KAFKA_TOPICS',
    ],
    [
      { KAFKA_RETRY_TOPIC: "cdctest.dead-letters" },
      'KAFKA_RETRY_TOPIC is "cdctest.dead-letters", which is also KAFKA_DEAD_LETTER_TOPIC or one of KAFKA_TOPICS',
    ],
  ])("%j is refused, naming variable, value and what is allowed", (env, problem) => {
    expect(problemsOf(env)).toEqual([problem]);
  });

  test("all problems are reported at once", () => {
    expect(problemsOf({ HTTP_PORT: "x", LOG_FORMAT: "y", KAFKA_GROUP_ID: "" })).toHaveLength(3);
  });
});

describe("what Kafka and Connect ask of their clients", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdc-config-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test("words are files, and the rest is named as Kafka's own clients name it", () => {
    const config = readConfig(
      {
        ...NEEDED,
        KAFKA_SECURITY_PROTOCOL: "SASL_SSL",
        KAFKA_SSL_CA_FILE: file("ca", "CA"),
        KAFKA_SASL_MECHANISM: "SCRAM-SHA-512",
        KAFKA_SASL_USERNAME: "me",
        KAFKA_SASL_PASSWORD_FILE: file("password", "hunter2"),
        CONNECT_USERNAME: "admin",
        CONNECT_PASSWORD_FILE: file("connect", "word"),
      },
      "/app",
    );
    expect(config.kafkaSecurity).toEqual({
      tls: { ca: "CA" },
      sasl: { mechanism: "scram-sha-512", username: "me", password: "hunter2" },
    });
    expect(config.connectSecurity).toEqual({ username: "admin", password: "word" });
  });

  test("a mechanism and a file that cannot be are named", () => {
    const env = { ...NEEDED, KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT", KAFKA_SASL_USERNAME: "me" };
    expect(() => readConfig({ ...env, KAFKA_SASL_PASSWORD_FILE: "/none" }, "/app")).toThrow(
      "KAFKA_SASL_MECHANISM is not set; it must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512\n" +
        'KAFKA_SASL_PASSWORD_FILE is "/none", which cannot be read (ENOENT)',
    );
  });
});
