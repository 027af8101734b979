import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  entryOf,
  nameOf,
  nameTrouble,
  parseEntry,
  patternOf,
  splitEntries,
} from "../../../components/names/table-names";

describe("an entry of tables", () => {
  test.each([
    ["public.customers", "public.customers"],
    ["public.Orders", "public.Orders"],
    ['public."Orders"', "public.Orders"],
    ['"public"."Orders"', "public.Orders"],
    [' public . "Order Details" ', "public.Order Details"],
    ["public.Order Details", "public.Order Details"],
    ["public.Größe", "public.Größe"],
    ["public.cash$", "public.cash$"],
    ["public.weird table!", "public.weird table!"],
    ['public."a""b"', 'public.a"b'],
    ['public."a.b"', "public.a.b"],
    ['public."a,b"', "public.a,b"],
    ["public.*", "public.*"],
    ['"My Schema".*', "My Schema.*"],
  ])("%s", (entry, name) => {
    expect(nameOf(patternOf(entry))).toBe(name);
  });

  test.each([
    ["", "a table's name is empty"],
    ["customers", "as in public.customers"],
    ["public.", "is no table"],
    [".customers", "is no table"],
    ["a.b.c", 'stands in double quotes, as in public."a.b"'],
    ["*.customers", "is no table"],
    ["*", "is no table"],
    ['public."x', "is no table"],
    ['public.""', "is no table"],
    [`public.${"a".repeat(200)}`, "has 200 bytes, and a name in Postgres has at most 63"],
    [`public.${"ß".repeat(32)}`, "has 64 bytes"],
    ['public."""a"', "begins or ends with a double quote"],
    ['public."a"""', "begins or ends with a double quote"],
    ["public.it''s", "takes two quotes in a row for one"],
    ["public.it``s", "takes two quotes in a row for one"],
    ['"my.schema".a', "holds a dot"],
    ['"my.schema".*', "holds a dot"],
    ['public."*"', "cannot be told from every table"],
    ['public."a.*"', "cannot be told from every table"],
  ])("%j names none", (entry, reason) => {
    expect(parseEntry(entry)).toEqual(expect.stringContaining(reason));
  });

  test("63 bytes are a name", () => {
    expect(patternOf(`public.${"a".repeat(63)}`)).toEqual({ schema: "public", table: "a".repeat(63) });
  });
});

test.each([
  ["public.a, public.b", ["public.a", " public.b"]],
  ['public."a,b",x.*', ['public."a,b"', "x.*"]],
  ['public."a"",b",x.y', ['public."a"",b"', "x.y"]],
  ["", [""]],
  ["public.a,", ["public.a", ""]],
  ["public.a,,public.b", ["public.a", "", "public.b"]],
])("a list %j has the entries %j", (list, entries) => {
  expect(splitEntries(list)).toEqual(entries);
});

test("a list of any names is read as those names", () => {
  const part = fc.string({ minLength: 1, maxLength: 15, unit: fc.constantFrom(..."aB ß.,\"'*$\\({") });
  const pattern = fc
    .record({ schema: part, table: fc.option(part, { nil: undefined }) })
    .filter((each) => nameTrouble(each) === undefined);
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1 }), (patterns) => {
      const read = splitEntries(patterns.map(entryOf).join(",")).map(patternOf);
      expect(read.map(nameOf)).toEqual(patterns.map(nameOf));
    }),
  );
});
