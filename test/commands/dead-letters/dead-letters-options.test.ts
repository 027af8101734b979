import { expect, test } from "@jest/globals";
import { parseOptions } from "../../../commands/dead-letters/dead-letters-options";
import { UsageError } from "../../../commands/terminal/usage";

const NOTHING = { tables: [], yes: false, json: false, stack: undefined };

test.each([
  [[], { kind: "list" }],
  [["show", "007"], { kind: "show", number: "7" }],
  [["again", "3", "1", "3"], { kind: "again", numbers: ["3", "1"] }],
  [["again", "--all"], { kind: "again", numbers: undefined }],
])("%j", (args, action) => {
  expect(parseOptions(args)).toEqual({ ...NOTHING, action });
});

test("tables as psql writes them, and what other commands take too", () => {
  expect(
    parseOptions(["again", "--all", "--table", 'public."a,b",public.c', "-y", "--json", "--stack", "two"]),
  ).toEqual({
    action: { kind: "again", numbers: undefined },
    tables: ["public.a,b", "public.c"],
    yes: true,
    json: true,
    stack: "two",
  });
  expect(parseOptions(["--help"])).toBeUndefined();
});

test.each([
  [["list"], '"list" is nothing to do with dead letters; allowed are show and again, or nothing'],
  [["show"], "Say which one: `show N`"],
  [["show", "1", "2"], "Say which one: `show N`"],
  [["show", "first"], '"first" is no number of a dead letter'],
  [["again"], "Say which ones: `again N ...`, or `again --all`"],
  [["again", "1", "--all"], "Say which ones"],
  [["--all"], "--all goes with `again`"],
  [["show", "1", "--all"], "--all goes with `again`"],
  [["again", "1", "--table", "a.b"], "--table narrows the list and `again --all`"],
  [["show", "1", "--table", "a.b"], "--table narrows the list"],
  [["again", "--all", "--yes", "--table", ""], '--table is ""; allowed is schema.table'],
  [["--table", " , "], '--table is " , "; allowed is schema.table'],
  [["--tables", "a.b"], "allowed are --all, --table"],
])("%j is refused in a sentence", (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(sentence);
});
