import { expect, test } from "@jest/globals";
import { configObject } from "../../../components/settings/config-object";
import { parseConnectorConfig } from "../../../components/settings/connector-config";
import { parseHandlerEnv } from "../../../components/settings/handler-env";

test("numbers that JavaScript would round or write otherwise keep their digits", () => {
  const text =
    '{"ID":9007199254740993,"MOST":9223372036854775807,"LEAST":-9223372036854775808,"RATE":1.10,"SMALL":1E-3,"A":{"B":[9007199254740993]}}';
  expect(configObject(text)).toEqual({
    ...{
      ID: "9007199254740993",
      MOST: "9223372036854775807",
      LEAST: "-9223372036854775808",
      RATE: "1.10",
      SMALL: "1E-3",
    },
    A: { B: ["9007199254740993"] },
  });
  expect(parseHandlerEnv('{"ID":9007199254740993}', false)).toMatchObject({ env: { ID: "9007199254740993" } });
  expect(parseConnectorConfig('{"a":9007199254740993}', false).config).toEqual({ a: "9007199254740993" });
});

test("others are numbers, and digits in a text are its own", () => {
  expect(configObject('{"a":4096,"b":-1.5,"c":"x \\" 9007199254740993 1.10","d1.10":true,"e":0}')).toEqual({
    ...{ a: 4096, b: -1.5, c: 'x " 9007199254740993 1.10', "d1.10": true, e: 0 },
  });
  for (const text of ["9007199254740993", "[1.10]", '{"a":1.1.0}', '{"a":01}'])
    expect(configObject(text)).toBeUndefined();
});

test.each([
  ["18446744073709552000", "18446744073709552000: Pulumi reads a number of this size rounded."],
  ["1.2345678901234568e+29", "1.2345678901234568e+29: Pulumi reads a number of this size rounded."],
  ['"2026-11-29 00:00:00 +0000 UTC"', '"2026-11-29 00:00:00 +0000 UTC": Pulumi reads a day or a time rewritten.'],
])("what the CLI has altered already is refused: %s", (value, said) => {
  const sentence = `["A"] is ${said} Put it into quotes, so that it stays a text.`;
  expect(parseHandlerEnv(`{"A":${value}}`, false).problems).toEqual([sentence]);
  expect(parseConnectorConfig(`{"A":${value}}`, false).problems).toEqual([sentence]);
});

test("a secret that is no scalar is not shown", () => {
  const said = '["A"] is not shown; allowed: a text, a number, true or false.';
  expect(parseHandlerEnv('{"A":{"B":"word"}}', true).problems).toEqual([said]);
  expect(parseConnectorConfig('{"A":[{"B":"word"}]}', true).problems).toEqual([said]);
});
