import { describe, expect, test } from "@jest/globals";
import type { Change } from "../../../consumer/change/change-event";
import { parseRecord } from "../../../consumer/change/parse-record";
import { changeToText, formatLsn } from "../../../consumer/change/change-json";
import { changeToJson } from "./line";
import { ALEX, EVENT_ID, MOVED, RAW, TOPIC, envelope, record, withUnchanged } from "../records";

const change = (key: unknown, value: unknown): Change => parseRecord(TOPIC, 0, record(key, value)) as Change;
const UPDATE = change({ id: 1 }, envelope("u", ALEX, MOVED));

describe("the JSON of a change", () => {
  test("is the contract of the log and the feed", () => {
    expect(JSON.parse(changeToJson(UPDATE, { id: 17, lagMs: 5.3 }))).toEqual({
      id: 17,
      op: "update",
      eventId: EVENT_ID,
      table: "public.customers",
      key: { id: 1 },
      before: ALEX,
      after: MOVED,
      changed: ["email"],
      lagMs: 5.3,
      committedAt: "2026-01-01T00:00:00.123456Z",
      position: { lsn: "0/1A2B3C8", txId: 739 },
      topic: TOPIC,
      partition: 0,
      offset: "42",
    });
  });

  test("writes integers beyond 2^53 as digits, so that no reader rounds them", () => {
    const big = change({ id: RAW("9007199254740993") }, envelope("c", null, { id: RAW("9007199254740993"), n: 3 }));
    expect(JSON.parse(changeToJson(big, { id: 1, lagMs: 1 }))).toMatchObject({
      key: { id: "9007199254740993" },
      after: { id: "9007199254740993", n: 3 },
    });
  });

  test("keeps the sign of a negative zero, which differs from zero", () => {
    const row = { id: RAW("9007199254740993"), n: RAW("-0.0"), list: [0, RAW("-0.0")] };
    const turned = change({ id: 1 }, envelope("u", { ...row, n: 0 }, row));
    expect(turned.changed).toEqual(["n"]);
    expect(changeToJson(turned, { id: 1, lagMs: 1 })).toContain(
      '"after":{"id":"9007199254740993","n":-0.0,"list":[0,-0.0]},"changed":["n"]',
    );
    expect(changeToText(turned, { lagMs: 1 })).toContain("n: 0 → -0");
  });

  test("names large values that were not touched", () => {
    const value = withUnchanged(envelope("u", null, { id: 1, n: 2 }), ["big", "doc"]);
    const update = change({ id: 1 }, value);
    expect(changeToJson(update, { id: 1, lagMs: 1 })).toContain('"changed":[],"unchanged":["big","doc"],"lagMs":1');
    expect(changeToText(update, { lagMs: 1 })).toContain("id=1  id=1, n=2, big unchanged, doc unchanged  1.0 ms");
    expect(changeToJson(UPDATE, { id: 1, lagMs: 1 })).not.toContain("unchanged");
    const key = change({ id: 2 }, envelope("u", { id: 1 }, { id: 2, n: 2 }));
    expect(changeToText(key, { lagMs: 1 })).toContain("id=2  id: 1 → 2, n=2  1.0 ms");
  });

  test("says when it was here before", () => {
    expect(changeToJson(UPDATE, { id: 1, lagMs: 1, duplicate: "redelivered" })).toContain('"duplicate":"redelivered"');
    expect(changeToJson(UPDATE, { id: 1, lagMs: 1, retried: true })).toMatch(/,"retried":true}$/);
  });
});

test.each([
  [0, "0/0"],
  [27_440_072, "0/1A2B3C8"],
  [0x16_b374d848, "16/B374D848"],
])("position %p is written %p, as Postgres does", (lsn, text) => {
  expect(formatLsn(lsn)).toBe(text);
});

describe("the line for people", () => {
  const line = (value: Change) => changeToText(value, { lagMs: value.committedAtMicros === null ? null : 5.25 });

  test("shows of an update what changed", () => {
    expect(line(UPDATE)).toBe(
      "00:00:00.123  update    public.customers  id=1  email: 'alex.foley' → 'alex@foley.example'  5.3 ms",
    );
  });

  test("shows the row of a create, a delete and a snapshot", () => {
    const row = "id=1  id=1, first_name='alex', last_name='foley', email='alex.foley'";
    expect(line(change({ id: 1 }, envelope("c", null, ALEX)))).toContain(`create    public.customers  ${row}  5.3 ms`);
    expect(line(change({ id: 1 }, envelope("d", ALEX, null)))).toContain(`delete    public.customers  ${row}`);
    expect(line(change({ id: 1 }, envelope("r", null, ALEX)))).toMatch(/^ {12} {2}snapshot {2}public/);
  });

  test("a value cannot start a line of its own or steer the terminal", () => {
    const hostile = change({ id: 1 }, envelope("c", null, { id: 1, note: "a\nb\u001b[31m\u009b" }));
    expect(line(hostile)).toContain("note='a\\nb\\u001b[31m");
    expect(line(hostile)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  test("a long value is cut, with its length", () => {
    const long = change({ id: 1 }, envelope("c", null, { id: 1, note: "x".repeat(1_000_000) }));
    expect(line(long)).toContain("… (1000000 characters)");
    expect(line(long).length).toBeLessThan(300);
  });
});
