import { expect, test } from "@jest/globals";
import { parseConnectorConfig } from "../../../components/settings/connector-config";

const parsed = (value: unknown, isSecret = false) => parseConnectorConfig(JSON.stringify(value), isSecret);

test("keys with brackets, and dotted keys without, which Pulumi nests, are the same", () => {
  const config = { "max.batch.size": 4096, "skipped.operations": "t", "tasks.max": 1 };
  expect(parsed(config)).toEqual({ config, secrets: {}, problems: [] });
  const nested = { max: { batch: { size: 4096 } }, skipped: { operations: "t" }, "tasks.max": 1 };
  expect(parsed(nested)).toEqual({ config, secrets: {}, problems: [] });
});

test("a list is Connect's, separated by commas", () => {
  expect(parsed({ transforms: ["route", "mask"] }).config).toEqual({ transforms: "route,mask" });
});

test.each([null, [{}], [["a"]]])("what no key of Connect can be is refused by its key: %j", (value) => {
  expect(parsed({ "a.b": value }).problems).toEqual([
    `["a.b"] is ${JSON.stringify(value)}; allowed: a text, a number, true or false.`,
  ]);
});

test.each(["5", "[]", '"text"', "{", "null"])("no object: %j", (text) => {
  expect(parseConnectorConfig(text, false).problems).toEqual([
    ` is ${JSON.stringify(text)}; allowed: an object of Debezium keys and values.`,
  ]);
});

test.each([
  "database.sslpassword",
  "ssl.keystore.password",
  "signal.consumer.sasl.jaas.config",
  "basic.auth.user.info",
])("%s as plain text is refused; by reference it is none", (key) => {
  expect(parsed({ [key]: "word" }).problems[0]).toContain(`["${key}"] is set as plain text; set it with`);
  const reference = { [key]: "${secrets:/kafka/secrets:word}" };
  expect(parsed(reference)).toEqual({ config: reference, secrets: {}, problems: [] });
});

test("of what was set with --secret nothing is shown", () => {
  expect(parsed({ "database.sslkey": "key", a: { b: 1 }, c: "${secrets:/x:y}" }, true)).toEqual({
    config: { c: "${secrets:/x:y}" },
    secrets: { "database.sslkey": "key", "a.b": "1" },
    problems: [],
  });
});

test("keys that the program reads stay plain beside a secret one, and so does what is empty", () => {
  const read = {
    "max.batch.size": 4096,
    "message.key.columns": "public.orders:id",
    "column.exclude.list": "public.orders.note",
    transforms: "route",
    "transforms.route.type": "org.apache.kafka.connect.transforms.RegexRouter",
    "transforms.route.regex": "(.*)",
    "transforms.a.b.delete.tombstone.handling.mode": "rewrite",
    predicates: "some",
    "predicates.some.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
    "predicates.some.pattern": "cdc.*",
    "tombstones.on.delete": false,
    "heartbeat.interval.ms": 1000,
    "database.initial.statements": "",
  };
  const secret = { "database.sslpassword": "word", "transforms.route.token": "word" };
  expect(parsed({ ...read, ...secret }, true)).toEqual({ config: read, secrets: secret, problems: [] });
  expect(parsed({ "database.password": "word" }, true).secrets).toEqual({ "database.password": "word" });
});
