import { expect, test } from "@jest/globals";
import { parseOptions } from "../../../commands/replay/replay-options";
import { UsageError } from "../../../commands/terminal/usage";

const NOW = Date.parse("2026-01-31T12:00:00Z");
const parse = (...args: string[]) => parseOptions(args, NOW);

test.each([
  ["90s", "2026-01-31T11:58:30Z"],
  ["10m", "2026-01-31T11:50:00Z"],
  ["2h", "2026-01-31T10:00:00Z"],
  ["1d", "2026-01-30T12:00:00Z"],
  ["2026-01-31T10:00:00+01:00", "2026-01-31T09:00:00Z"],
])("--from %s", (given, moment) => {
  expect(parse("--from", given)).toEqual({
    start: { kind: "time", ms: Date.parse(moment) },
    tables: [],
    yes: false,
    stack: undefined,
  });
});

test("tables as psql writes them", () => {
  expect(
    parse("--beginning", "--table", 'public."a,b",public."Orders"', "--table", "public.Order Details"),
  ).toMatchObject({
    tables: ["public.a,b", "public.Orders", "public.Order Details"],
  });
});

test("--offset of one table, --beginning of some", () => {
  expect(parse("--offset", "12", "--table", "public.a")).toMatchObject({ start: { kind: "offset", offset: 12n } });
  const start = { kind: "offset", offset: 12n, partition: 2 };
  expect(parse("--offset", "12", "--partition", "2", "--table", "public.a")).toMatchObject({ start });
  expect(parse("--beginning", "--table", "public.a,public.b", "-y", "--stack", "two")).toEqual({
    start: { kind: "beginning" },
    tables: ["public.a", "public.b"],
    yes: true,
    stack: "two",
  });
  expect(parse("--help")).toBeUndefined();
});

test.each(["99999999d", "1969-12-31T23:59:59.999Z"])(
  "--from %s is the beginning of all time, not a word of Kafka's",
  (from) => {
    expect(parse("--from", from)?.start).toEqual({ kind: "time", ms: 0 });
  },
);

test.each([
  [[], "Say from where: one of --from, --offset and --beginning"],
  [["--beginning", "--from", "1m"], "Say from where: one of"],
  [["--from", "10"], '--from is "10"; allowed is a time ago such as 10m'],
  [["--from", "yesterday"], '--from is "yesterday"'],
  [["--from", "2026-02-01T00:00:00Z"], "which is yet to come"],
  [["--offset", "-1", "--table", "a.b"], "--offset"],
  [["--offset", "1", "--partition", "x", "--table", "a.b"], '--partition is "x"; allowed is a whole number from 0'],
  [["--beginning", "--partition", "1"], "--partition says whose --offset is meant"],
  [["--offset", "1"], "--offset is one topic's; name its table with one --table"],
  [["--offset", "1", "--table", "a.b,a.c"], "--offset is one topic's"],
  [["--form", "1m"], "allowed are --from"],
])("%j is refused in a sentence", (args, sentence) => {
  expect(() => parse(...args)).toThrow(UsageError);
  expect(() => parse(...args)).toThrow(sentence);
});
