import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { declaredConfig, followedTable, settingsTable } from "../../../components/settings/setting-docs";

/** The file's text, and the same with `old` replaced by what is made from the list of settings. */
function renewed(file: string, old: RegExp, made: string): { text: string; should: string } {
  const text = readFileSync(file, "utf8");
  const should = text.replace(old, () => made);
  // A review should see each difference: `UPDATE_GOLDEN=1 npm test` writes the file again.
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, should);
  return { text, should };
}

test("Pulumi.yaml declares the settings of the list, with their defaults", () => {
  const { text, should } = renewed("Pulumi.yaml", /(?<=\nconfig:\n)[^]*$/, declaredConfig());
  expect(text).toBe(should);
});

test("the table in docs/configuration.md is that of the list", () => {
  const { text, should } = renewed("docs/configuration.md", /\| key +\| default[^]*?\n(?=\n)/, settingsTable());
  expect(text).toBe(should);
});

test("docs/configuration.md has the keys of connectorConfig that are refused, and what to set instead", () => {
  const { text, should } = renewed("docs/configuration.md", /\| key +\| instead[^]*?\n(?=\n)/, followedTable());
  expect(text).toBe(should);
  expect(text).toContain(followedTable());
});

test("what a setting is of is said by the program, and not by the CLI in its own words", () => {
  const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, Record<string, unknown>> };
  for (const { type, default: value } of Object.values(config))
    expect([type, typeof value]).toEqual(["string", "string"]);
});

test("a setting that is added to the list is in both", () => {
  expect(declaredConfig()).toContain(
    '  kafkaPort:\n    type: string\n    default: "29092"\n    description: Port of the Kafka broker on 127.0.0.1\n',
  );
  expect(settingsTable()).toMatch(/^\| `password` +\| cdctest +\| the superuser's password: /m);
});
