import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { parseConnectorConfig } from "../../../components/settings/connector-config";
import { parseHandlerEnv } from "../../../components/settings/handler-env";
import { parseSettings } from "../../../components/settings/settings";
import { mutated, mutations } from "../../support/mutations";

const project = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, { default: unknown }> };
const DEFAULTS = Object.fromEntries(Object.entries(project.config).map(([key, value]) => [key, String(value.default)]));
// Settings for which Pulumi.yaml cannot have a default: objects and secrets.
const UNNAMED = ["connectorConfig", "handlerEnv", "kafkaSecurity", "connectSecurity", "password", "capturePassword"];
const KEYS = [...Object.keys(DEFAULTS), ...UNNAMED];

const texts = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "0",
    "-1",
    "1e3",
    "0x10",
    "NaN",
    "99999999999999999999",
    "true",
    "null",
    "[]",
    "{}",
    "__proto__",
  ),
  fc.constantFrom(
    '"',
    '""',
    '"a',
    "a.b.c",
    ".",
    "a.",
    "*",
    "a.*.*",
    ",",
    "a.b,,a.b",
    "\n",
    "a\nb",
    "\\",
    "${a}",
    "é",
    "🙂",
    "\0",
  ),
  fc.constantFrom("pg_x", "public", "template1", "55432", "constructor", "toString"),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.json({ maxDepth: 2 }),
);

/** Texts of errors of code that got another kind of value than it expects. */
const CRASH = /Cannot (read|set|convert|use)|is not (a function|iterable)|undefined|\[object /;

test("any text in any setting is taken, or refused by the setting's name", () => {
  fc.assert(
    fc.property(fc.constantFrom(...KEYS), texts, (key, value) => {
      const { settings, problems } = parseSettings({ ...DEFAULTS, [key]: value }, "cdc", "dev");
      for (const problem of problems) {
        // The rest of the message may be about a setting that this one contradicts.
        expect(problem).toMatch(/^cdc:(\w+)/);
        expect(problem.replaceAll(value, "")).not.toMatch(CRASH);
      }
      if (problems.length > 0) return;
      for (const port of [settings.postgresPort, settings.kafkaPort, settings.connectPort, settings.consumerPort]) {
        expect(Number.isInteger(port) && port > 0 && port < 65_536).toBe(true);
      }
      expect(settings.tables).not.toEqual([]);
      for (const name of [settings.database, settings.user, settings.topicPrefix, settings.connectorName]) {
        expect(name).toMatch(/^\S+$/);
      }
      expect(settings.retentionMs === -1 || settings.retentionMs > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const SOMEBODYS: Record<string, string> = {
  bootstrapServers: "kafka.example:9093",
  kafkaSecurity: JSON.stringify({
    ...{ protocol: "SASL_SSL", mechanism: "SCRAM-SHA-512", username: "cdc", password: "word" },
    caFile: "ca.pem",
  }),
  connectUrl: "https://connect.example:8083/base",
  connectSecurity: JSON.stringify({ username: "me", password: "word", caFile: "ca.pem" }),
  connectPlainSecrets: "true",
  databaseUrl: "postgres://clerk:word@db.example:5432/shop?sslmode=verify-full&sslrootcert=system",
  databaseAddress: "db.example:5432",
};
const ALL_SECRET = ["kafkaSecurity", "connectSecurity", "databaseUrl"].map((key) => `cdc:${key}`);

test("parts that somebody else runs, of which any part of any setting is missing or something else, are taken or refused by name", () => {
  const said = (values: Record<string, string>) => parseSettings(values, "cdc", "dev", ALL_SECRET).problems;
  const whole = { ...DEFAULTS, ...SOMEBODYS };
  expect(said(whole)).toEqual([]);
  const part = fc
    .tuple(fc.constantFrom("kafkaSecurity", "connectSecurity"), mutations)
    .map(([key, mutation]): [string, string] => [
      key,
      JSON.stringify(mutated(JSON.parse(whole[key]!), mutation)) ?? "",
    ]);
  const text = fc.tuple(fc.constantFrom(...Object.keys(SOMEBODYS)), texts);
  fc.assert(
    fc.property(fc.oneof(part, text), fc.option(text), ([key, value], more) => {
      for (const problem of said({ ...whole, [key]: value, ...(more !== null && { [more[0]]: more[1] }) })) {
        expect(problem).toMatch(/^cdc:(\w+)/);
        const own = [value, ...(more === null ? [] : [more[1]])].filter(Boolean);
        expect(own.reduce((rest, each) => rest.replaceAll(each, ""), problem)).not.toMatch(CRASH);
        // No error shows a password.
        expect(problem).not.toMatch(/\bword\b/);
      }
    }),
    { numRuns: 500 },
  );
});

const names = fc.oneof(
  texts,
  fc.constantFrom("__proto__", "constructor", "a.b", "producer.override.acks", "A_B", "TOKEN"),
);
const scalars = fc.oneof(texts, fc.integer(), fc.boolean());

test("every key of connectorConfig and every name of handlerEnv is checked", () => {
  fc.assert(
    fc.property(names, scalars, fc.boolean(), (key, value, isSecret) => {
      // JSON.parse makes an ordinary key of "__proto__". An object literal would not.
      const text = `{${JSON.stringify(key)}:${JSON.stringify(value)}}`;
      const config = parseConnectorConfig(text, isSecret);
      const taken = [...Object.entries(config.config), ...Object.entries(config.secrets)];
      expect(config.problems.length + taken.length).toBe(1);
      for (const [name, given] of taken) expect([name, String(given)]).toEqual([key, String(value)]);

      const env = parseHandlerEnv(text, isSecret);
      const set = [...Object.entries(env.env), ...Object.entries(env.secrets)];
      expect(env.problems.length + set.length).toBeGreaterThanOrEqual(1);
      for (const [name, given] of set) expect([name, given]).toEqual([key, String(value)]);
    }),
    { numRuns: 500 },
  );
});
