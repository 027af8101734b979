import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseRecord } from "../../../consumer/change/parse-record";
import type { Row } from "../../../consumer/change/row";
import { ALEX, COMMITTED_AT, EVENT_ID, MOVED, RAW, TOPIC, envelope, text, withSchema, withUnchanged } from "../records";
import { parse, parseChange, reasonOf } from "./parsed";

describe("Debezium's envelope", () => {
  test("an update says key, table, rows, changed columns, position and commit time", () => {
    expect(parse({ id: 1 }, envelope("u", ALEX, MOVED))).toEqual({
      op: "update",
      eventId: EVENT_ID,
      table: "public.customers",
      key: { id: 1 },
      before: ALEX,
      after: MOVED,
      changed: ["email"],
      position: { lsn: 27_440_072, txId: 739 },
      committedAtMicros: COMMITTED_AT,
      topic: TOPIC,
      partition: 0,
      offset: "42",
    });
  });

  test.each([
    ["r", "snapshot", null, ALEX],
    ["c", "create", null, ALEX],
    ["d", "delete", ALEX, null],
  ])("operation %s is a %s", (letter, op, before, after) => {
    expect(parseChange({ id: 1 }, envelope(letter, before, after))).toMatchObject({ op, before, after, changed: [] });
  });

  test("a snapshot row has no commit time", () => {
    const row = parseChange({ id: 1 }, envelope("r", null, ALEX, { snapshot: "last" }));
    expect(row.committedAtMicros).toBeNull();
  });

  test("a truncate has neither key nor rows", () => {
    expect(parseChange(null, envelope("t", null, null))).toMatchObject({
      op: "truncate",
      table: "public.customers",
      key: null,
      before: null,
      after: null,
    });
  });

  test("a probe of the doctor's is a sign of life, and reaches no handler", () => {
    const value = {
      ...{ op: "m", source: { schema: "", table: "", lsn: 1, txId: 1, ts_us: 1 } },
      message: { prefix: "cdc.probe", content: "" },
    };
    const message = { key: null, value: Buffer.from(JSON.stringify(value)), offset: "7" };
    expect(parseRecord("cdctest.message", 0, message)).toEqual({
      ...{ op: "heartbeat", topic: "cdctest.message", partition: 0, offset: "7" },
    });
  });

  test("so is what a heartbeat says of changed tables, which comes with it", () => {
    const content = Buffer.from('[{"table":"public.ä"}]').toString("base64");
    const value = {
      ...{ op: "m", source: { schema: "", table: "", lsn: 1, txId: 1, ts_us: 1 } },
      message: { prefix: "cdc.capture", content },
    };
    const message = { key: null, value: Buffer.from(JSON.stringify(value)), offset: "7" };
    expect(parseRecord("cdctest.message", 0, message)).toEqual({
      ...{ op: "heartbeat", topic: "cdctest.message", partition: 0, offset: "7" },
      changedTables: '[{"table":"public.ä"}]',
    });
  });

  test("a message has its prefix and content, and belongs to no table", () => {
    const value = {
      ...envelope("m", null, null, { schema: "", table: "" }),
      message: { prefix: "audit", content: "aGVsbG8=" },
    };
    expect(parseChange({ prefix: "audit" }, value, "cdctest.message")).toMatchObject({
      op: "message",
      table: "",
      message: { prefix: "audit", content: "aGVsbG8=" },
    });
  });

  test("with schemas it reads the same as without", () => {
    const value = envelope("u", ALEX, MOVED);
    expect(parse(withSchema({ id: 1 }), withSchema(value))).toEqual(parse({ id: 1 }, value));
  });

  test("without µs the commit time comes from ms", () => {
    const change = parseChange({ id: 1 }, envelope("c", null, ALEX, { ts_us: undefined, ts_ms: 1_700_000_000_123 }));
    expect(change.committedAtMicros).toBe(1_700_000_000_123_000);
  });

  test("an update without the row before does not claim to know what changed", () => {
    expect(parseChange({ id: 1 }, envelope("u", null, MOVED))).toMatchObject({ before: null, changed: [] });
  });

  test("large values that were not touched are named, and not among what changed", () => {
    const value = withUnchanged(envelope("u", null, { id: 1, n: 2 }), ["big", 'a "b", c']);
    expect(parseChange({ id: 1 }, value)).toMatchObject({
      after: { id: 1, n: 2 },
      changed: [],
      unchanged: ["big", 'a "b", c'],
    });
    expect(parseChange({ id: 1 }, envelope("u", null, MOVED))).not.toHaveProperty("unchanged");
  });

  test("of a row before that is the key alone only the key can have changed", () => {
    const after = { id: 2, kind: "a", constructor: "b", name: null };
    const value = withUnchanged(envelope("u", { id: 1, kind: "a" }, after), ["big"]);
    expect(parseChange({ id: 2 }, value)).toMatchObject({ before: { id: 1, kind: "a" }, after, changed: ["id"] });
  });

  test.each([
    "__debezium_unavailable_value",
    "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==",
    ["__debezium_unavailable_value"],
  ])("%j is a value like any other", (written) => {
    const change = parseChange({ id: 1 }, envelope("u", { id: 1, big: "a" }, { id: 1, big: written }));
    expect(change).toMatchObject({ after: { id: 1, big: written }, changed: ["big"] });
  });

  test("arrays and structs are compared by content", () => {
    const before = { id: 1, tags: ["a", null], map: { x: "1" }, other: [1] };
    const after = { id: 1, tags: ["a", null], map: { x: "1" }, other: [2] };
    expect(parseChange({ id: 1 }, envelope("u", before, after)).changed).toEqual(["other"]);
  });
});

describe("integers beyond 2^53", () => {
  test.each(["9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808"])(
    "%s arrives exactly, in row, key and array",
    (digits) => {
      const row = { id: RAW(digits), list: [1, RAW(digits)], text: `"${digits}" \\` };
      const big = BigInt(digits);
      expect(parseChange({ id: RAW(digits) }, envelope("c", null, row))).toMatchObject({
        key: { id: big },
        after: { id: big, list: [1, big], text: `"${digits}" \\` },
      });
    },
  );

  test("any row of integers, floats and texts arrives as it was written", () => {
    const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    // -0 is left out: JSON has no way to say it apart from 0 that Debezium would use.
    const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n));
    const value = fc.oneof(integer, float, fc.string({ unit: "binary" }), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(value, fc.array(value))), (row) => {
        const written = `{"before":null,"after":${write(row)},"source":${text(envelope("c", null, null)["source"])},"op":"c"}`;
        const after = parseChange(null, written).after as Row;
        expect(write(after)).toBe(write(row));
      }),
      { numRuns: 500 },
    );
  });

  function write(value: unknown): string {
    if (typeof value === "bigint") return value.toString();
    if (typeof value === "number" && Number.isInteger(value)) return BigInt(value).toString();
    if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
    if (typeof value === "object" && value !== null) {
      return `{${Object.entries(value)
        .map(([name, v]) => `${JSON.stringify(name)}:${write(v)}`)
        .join(",")}}`;
    }
    return JSON.stringify(value);
  }
});

describe("records that are no changes", () => {
  test("a null value is a tombstone", () => {
    expect(parse({ id: 1 }, null)).toMatchObject({ op: "tombstone", key: { id: 1 } });
  });

  test("Debezium's heartbeat", () => {
    expect(parse({ serverName: "cdctest" }, { ts_ms: 1 }, "__debezium-heartbeat.cdctest").op).toBe("heartbeat");
  });

  test.each([
    ["no JSON", { id: 1 }, "{garbage", /^the value is no JSON: /],
    ["empty", { id: 1 }, "", /^the value is no JSON: /],
    ["Avro", { id: 1 }, "\u0000\u0000\u0000\u0000\u0001x", /Avro with a schema registry/],
    [
      "an unknown operation",
      { id: 1 },
      envelope("x", null, ALEX),
      /^unknown operation "x", expected one of r c u d t m$/,
    ],
    ["a create without a row", { id: 1 }, envelope("c", null, null), /^operation "c" without a row in "after"$/],
    [
      "a row that is a number",
      { id: 1 },
      { ...envelope("c", null, null), after: 5 },
      /^"after" is no row but a number$/,
    ],
  ])("%s is unreadable, with the reason", (_what, key, value, reason) => {
    expect(reasonOf(key, value)).toMatch(reason);
  });

  test("no bytes at all make it throw", () => {
    const bytes = fc.option(fc.uint8Array().map((array) => Buffer.from(array)));
    const json = fc.json().map((value) => Buffer.from(value));
    const part = fc.oneof(bytes, json);
    fc.assert(
      fc.property(part, part, (key, value) => {
        expect(typeof parseRecord(TOPIC, 0, { key, value, offset: "1" }).op).toBe("string");
      }),
      { numRuns: 1000 },
    );
  });
});
