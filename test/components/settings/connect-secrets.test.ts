import { expect, test } from "@jest/globals";
import { connectSecretProblems, parseConnectSecrets } from "../../../components/settings/connect-secrets";
import { parseSettings } from "../../../components/settings/settings";
import { DEFAULTS } from "./defaults";

const problems = (values: Record<string, string>, secret: string[] = ["cdc:connectSecrets"]) =>
  parseSettings({ ...DEFAULTS, ...values }, "cdc", "dev", secret).problems;

test("secrets by the names of their files, numbers too", () => {
  expect(parseConnectSecrets(JSON.stringify({ "shop-password": "word", pin: 1234 }), true)).toEqual({
    secrets: { "shop-password": "word", pin: "1234" },
    problems: [],
  });
});

test("plain text is refused, with the way to set it and without the value", () => {
  const said = problems({ connectSecrets: '{"shop-password":"word"}' }, []);
  expect(said).toEqual([
    "cdc:connectSecrets is set as plain text; set it with `pulumi config set --secret --path 'connectSecrets.NAME'`.",
  ]);
});

test.each([
  [{ "a.b": "x" }, '["a.b"] is no name of a file; allowed: letters, digits, - and _.'],
  [{ "../x": "x" }, '["../x"] is no name of a file; allowed: letters, digits, - and _.'],
  [
    { "database-password": "x" },
    '["database-password"] is the name of a file of the stack\'s own; choose another one.',
  ],
  [{ "transforms-a-key": "x" }, '["transforms-a-key"] is the name of a file of the stack\'s own; choose another one.'],
  [{ empty: "" }, '["empty"] is empty: no file can be made of it. Leave it out.'],
])("%j is refused in a sentence", (secrets, sentence) => {
  expect(connectSecretProblems(secrets, { "transforms.a.key": "x" })).toEqual([sentence]);
});

test("they are for the stack's own workers", () => {
  const existing = { connectUrl: "http://connect:8083", bootstrapServers: "kafka:9092", databaseAddress: "db:5432" };
  expect(problems({ ...existing, connectSecrets: '{"a":"word"}' }).join()).toContain(
    "cdc:connectSecrets is for workers of the stack's own, and cdc:connectUrl names somebody else's",
  );
});
