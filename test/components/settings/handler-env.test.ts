import { expect, test } from "@jest/globals";
import { parseHandlerEnv } from "../../../components/settings/handler-env";

const parsed = (value: unknown, isSecret = false) => parseHandlerEnv(JSON.stringify(value), isSecret);

test("names and values, numbers too", () => {
  expect(parsed({ SINK_URL: "postgres://sink", RETRIES: 3, DRY: false, HANDLER_ATTEMPTS: 7 })).toEqual({
    env: { SINK_URL: "postgres://sink", RETRIES: "3", DRY: "false", HANDLER_ATTEMPTS: "7" },
    secrets: {},
    problems: [],
  });
});

test("of what was set with --secret only the consumer's own settings are shown", () => {
  expect(parsed({ SINK_URL: "postgres://me:word@sink", HANDLER_ATTEMPTS: 7 }, true)).toEqual({
    env: { HANDLER_ATTEMPTS: "7" },
    secrets: { SINK_URL: "postgres://me:word@sink" },
    problems: [],
  });
});

test("an empty value beside a secret is a plain variable, since no file can be made of it", () => {
  expect(parsed({ SINK_URL: "postgres://me:word@sink", SINK_PASSWORD: "" }, true)).toEqual({
    env: { SINK_PASSWORD: "" },
    secrets: { SINK_URL: "postgres://me:word@sink" },
    problems: [],
  });
});

test.each([
  [{ KAFKA_BROKERS: "x:1" }, '["KAFKA_BROKERS"] is what the stack sets itself; choose another name.'],
  [{ "A-B": 1 }, '["A-B"] is no name of a variable; allowed: letters, digits and _, not a digit first.'],
  [{ A: { B: 1 } }, '["A"] is {"B":1}; allowed: a text, a number, true or false.'],
  [{ HANDLER_ATTEMPTS: 0 }, ': HANDLER_ATTEMPTS is "0"; allowed: a whole number from 1 to 1000.'],
  [{ ALLOWED_HOSTS: "a b" }, ': ALLOWED_HOSTS is "a b"; allowed: host names without port, comma-separated.'],
  ["text", ' is "\\"text\\""; allowed: an object of names and values.'],
])("%j is refused in a sentence", (value, sentence) => {
  expect(parsed(value).problems).toEqual([sentence]);
});

test.each(["PGPASSWORD", "API_KEY", "SINK_PASSWORD", "slack_token"])(
  "%s as plain text is refused, with the way to set it",
  (name) => {
    expect(parsed({ [name]: "word" }).problems).toEqual([
      `["${name}"] is set as plain text; set it with \`pulumi config set --secret --path 'handlerEnv["${name}"]'\`.`,
    ]);
  },
);
