import { describe, expect, test } from "@jest/globals";
import type { Change } from "../../consumer/change/change-event";
import { netEffect } from "../../examples/sink/net-effect";
import { newsOf } from "../../examples/sink/news";
import { toPostgres } from "../../examples/sink/values";
import { parseChange } from "../consumer/change/parsed";
import { ALEX, MOVED, envelope, withUnchanged } from "../consumer/records";

const change = (op: string, id: number, row: object | null = ALEX): Change =>
  parseChange(op === "t" ? null : { id }, envelope(op, null, row && { ...row, id })) as Change;

describe("what many changes do together", () => {
  test("is the last row of each key, or that it is gone", () => {
    const changes = [change("c", 1), change("u", 1, MOVED), change("c", 2), change("d", 2, null), change("r", 3)];
    expect(netEffect(changes)).toEqual({
      keys: [["id"]],
      truncated: false,
      deleted: [{ id: 2 }],
      written: [
        { ...MOVED, id: 1 },
        { ...ALEX, id: 3 },
      ],
    });
  });

  test("begins with a TRUNCATE, after which there is nothing to delete", () => {
    const changes = [change("c", 1), change("t", 0, null), change("c", 2), change("d", 2, null), change("c", 3)];
    expect(netEffect(changes)).toEqual({ keys: [["id"]], truncated: true, deleted: [], written: [{ ...ALEX, id: 3 }] });
  });

  test("a row that was deleted and made again is written, not deleted", () => {
    const changes = [change("d", 1, null), change("c", 1)];
    expect(netEffect(changes)).toEqual({
      keys: [["id"]],
      truncated: false,
      deleted: [],
      written: [{ ...ALEX, id: 1 }],
    });
  });

  test("is refused of rows without a key, and of values that the log does not have", () => {
    expect(() => netEffect([parseChange(null, envelope("c", null, ALEX)) as Change])).toThrow(
      "public.customers: a change of a row without a key, which the sink cannot find again",
    );
    const partial = parseChange({ id: 1 }, withUnchanged(envelope("u", null, ALEX), ["document"])) as Change;
    expect(() => netEffect([partial])).toThrow("the log does not have document; set REPLICA IDENTITY FULL");
  });
});

test.each([
  [null, "text", null, null],
  ["NULL", "text", null, "NULL"],
  [true, "bool", null, "true"],
  [-0, "float8", null, "-0.0"],
  ["Infinity", "float8", null, "Infinity"],
  [9007199254740993n, "int8", null, "9007199254740993"],
  ["POSITIVE_INFINITY", "numeric", null, "Infinity"],
  ["1.10", "numeric", null, "1.10"],
  ["AP8=", "bytea", null, "\\x00ff"],
  [{ x: 1.5, y: -0, wkb: "", srid: null }, "point", null, "(1.5,-0.0)"],
  ["(1,2)", "point", ",", "(1,2)"],
  ['{"a":"1","b \\"c":null}', "hstore", null, '"a"=>"1","b \\"c"=>NULL'],
  ['{"a": 1}', "jsonb", null, '{"a": 1}'],
  [['a"b\\', null, "NULL", ""], "text", ",", '{"a\\"b\\\\",NULL,"NULL",""}'],
  [
    [
      [1, 2],
      [3, null],
    ],
    "int4",
    ",",
    '{{"1","2"},{"3",NULL}}',
  ],
  [["NAN", "AP8="], "numeric", ",", '{"NaN","AP8="}'],
  [["(2,2),(1,1)", null], "box", ";", '{"(2,2),(1,1)";NULL}'],
  ["[2:3]={1,2}", "int4", ",", "[2:3]={1,2}"],
  ['[0:0]={"\\\\x00"}', "bytea", ",", '[0:0]={"\\\\x00"}'],
  [["(1,2)"], "point", ",", '{"(1,2)"}'],
  [[1, 2.5], "vector", null, "[1,2.5]"],
  [[[1, 2.5], null], "vector", ",", '{"[1,2.5]",NULL}'],
  [{ x: "NaN", y: "-Infinity", wkb: "", srid: null }, "point", null, "(NaN,-Infinity)"],
  ["-0043-03-15Z", "date", null, "0044-03-15Z BC"],
  ["0000-03-15Z", "date", null, "0001-03-15Z BC"],
  ["2026-03-15Z", "date", null, "2026-03-15Z"],
  ["infinity", "date", null, "infinity"],
  ["+99999-01-01T00:00:00.000000Z", "timestamp", null, "99999-01-01T00:00:00.000000Z"],
  [["-0043-03-15T12:00:00.000000Z"], "timestamptz", ",", '{"0044-03-15T12:00:00.000000Z BC"}'],
])("the value %j of type %s (in an array with %s) is %s for Postgres", (value, type, delimiter, text) => {
  expect(toPostgres(value, type, delimiter)).toBe(text);
});

describe("what is copied already", () => {
  const PLACE = "0000000001A2B400-000000000007";
  const SNAPSHOT = "0000000000A2B400-000000000001";
  const COPIED = { place: PLACE, snapshots: [SNAPSHOT] };
  const at = (eventId: string): Change => ({ ...change("u", 1), eventId });
  const row = (place: string): Change =>
    ({ ...change("r", 1), eventId: `${place} public.customers {"id":1}` }) as Change;
  const [before, same, after] = ["0000000001A2B400-000000000005", PLACE, "0000000001A2B400-000000000009"].map(at);

  test("is left out", () => {
    const redelivered = () => ({ duplicate: "redelivered" }) as const;
    expect(newsOf([before!, same!, after!], COPIED, redelivered)).toEqual([after]);
    expect(newsOf([row(SNAPSHOT), row(PLACE)], COPIED, () => ({}))).toEqual([row(PLACE)]);
  });

  test("is refused for a dead letter that was sent back: otherwise it would never be copied", () => {
    expect(newsOf([after!], COPIED, () => ({ retried: true }))).toEqual([after]);
    expect(() => newsOf([before!], COPIED, () => ({ retried: true }))).toThrow(
      "public.customers: a dead letter that was sent back, but what came after it is copied already. Set the place back",
    );
  });

  describe("is not what the first snapshot of another database has, with places from before", () => {
    const other = row("0000000000B2B400-000000000001");

    test("so its rows are refused, with what to do", () => {
      expect(() => newsOf([other], COPIED, () => ({}))).toThrow(
        /^public\.customers: before the place up to which the sink has copied.* another one, or an older copy\. Empty the sink's table, .* --offset \d+ --table 'public\.customers'$/,
      );
    });

    test("but rows of a snapshot that came before are left out, as are those of an added table", () => {
      expect(newsOf([other], COPIED, () => ({ duplicate: "redelivered" }))).toEqual([]);
      expect(newsOf([row("0000000000B2B400-000000000003")], COPIED, () => ({}))).toEqual([]);
    });

    test("and of a change of its stream, which may be a repetition, something is said", () => {
      const said: Change[] = [];
      expect(
        newsOf(
          [before!],
          COPIED,
          () => ({}),
          (each) => said.push(each),
        ),
      ).toEqual([]);
      expect(
        newsOf(
          [before!],
          COPIED,
          () => ({ duplicate: "repeated" }),
          (each) => said.push(each),
        ),
      ).toEqual([]);
      expect(said).toEqual([before]);
    });
  });
});
