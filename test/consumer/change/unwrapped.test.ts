import { describe, expect, test } from "@jest/globals";
import { parseRecord } from "../../../consumer/change/parse-record";
import { ALEX, TOPIC, envelope, withSchema } from "../records";
import { parseChange } from "./parsed";

describe("unwrapped rows", () => {
  test("a bare row is the row as it is now; the table comes from the topic", () => {
    expect(parseChange({ id: 1 }, ALEX)).toMatchObject({
      op: "update",
      table: "public.customers",
      before: null,
      after: ALEX,
      changed: [],
      position: null,
      committedAtMicros: null,
    });
  });

  test("fields about the change are used and not shown as columns", () => {
    const about = { __op: "c", __table: "people", __schema: "app", __lsn: 99, __source_ts_ms: 5, __deleted: "false" };
    expect(parseChange({ id: 1 }, { ...ALEX, ...about, __mine: 1 })).toMatchObject({
      op: "create",
      table: "app.people",
      after: { ...ALEX, __mine: 1 },
      position: { lsn: 99, txId: null },
      committedAtMicros: 5000,
    });
  });

  test("a table without its schema has the one of its topic, so that a filter finds it under the same name", () => {
    const tableOf = (table: string) => parseChange({ id: 1 }, { ...ALEX, __table: table }).table;
    expect([tableOf("customers"), tableOf("people")]).toEqual(["public.customers", "people"]);
  });

  test("a rewritten delete is a delete", () => {
    expect(parseChange({ id: 1 }, { ...ALEX, __deleted: "true" })).toMatchObject({
      op: "delete",
      before: ALEX,
      after: null,
    });
  });

  test.each([
    ["of a delete", { op: "d", before: null, after: null }],
    ["of an insert", { op: "c", before: null, after: '{"id": 7}' }],
    ["with letters of its own", { op: "INSERT", before: null, after: '{"id": 7}' }],
    ["with its time", { op: "d", before: null, after: null, at: 1_767_225_600_125 }],
  ])("a row of an audit table %s is a row, though its columns have names of the envelope", (_what, columns) => {
    expect(parseChange({ id: 5 }, { id: 5, ...columns })).toMatchObject({ op: "update", after: { id: 5, ...columns } });
  });

  test("with schemas too", () => {
    expect(parseChange(withSchema({ id: 1 }), withSchema(ALEX))).toMatchObject({ key: { id: 1 }, after: ALEX });
  });

  test("a key that a transform made one bare value is shown as a row", () => {
    expect(parseChange("7", ALEX).key).toEqual({ key: 7 });
  });
});

describe("what transforms and other converters leave", () => {
  test.each([
    ["as it comes", "null"],
    ["with schemas", '{"schema":null,"payload":null}'],
  ])("a delete of which ExtractNewRecordState, %s, keeps the key only", (_what, value) => {
    expect(parseChange({ id: 1 }, value)).toMatchObject({
      op: "delete",
      table: "public.customers",
      key: { id: 1 },
      before: null,
      after: null,
    });
  });

  test("a row without the key's column, which a transform took out", () => {
    expect(parseChange({ id: 1 }, { name: "Alex" })).toMatchObject({
      op: "update",
      key: { id: 1 },
      after: { name: "Alex" },
    });
  });

  test("an envelope without its source: the topic names the table, and the position is not known", () => {
    const { source: _source, ...rest } = envelope("c", null, ALEX);
    expect(parseChange({ id: 1 }, rest)).toMatchObject({
      op: "create",
      table: "public.customers",
      after: ALEX,
      position: { lsn: null, txId: null },
      committedAtMicros: null,
    });
  });

  test("an envelope of which transforms left no more than the rows, and one to which they added a field", () => {
    const change = { op: "create", after: ALEX, table: "public.customers" };
    expect(parseChange({ id: 1 }, { op: "c", after: ALEX })).toMatchObject(change);
    const { source: _source, ...rest } = envelope("c", null, ALEX);
    expect(parseChange({ id: 1 }, { ...rest, host: "a" })).toMatchObject(change);
  });

  test.each([
    ["a text, from an outbox", JSON.stringify('{"a": 1}'), '{"a": 1}'],
    ["an array", "[1,2]", [1, 2]],
    ["a number beyond 2^53", "9007199254740993", 9007199254740993n],
  ])("a value that is %s, is a row with one column", (_what, value, shown) => {
    expect(parseChange("8", value).after).toEqual({ value: shown });
  });

  test.each([
    ["a struct as text", "Struct{id=1}", "Struct{id=1}"],
    ["garbage", "{oops", "{oops"],
    ["Avro", Buffer.from([0, 0, 0, 0, 7, 2]), "AAAAAAcC"],
    ["no UTF-8", Buffer.from([0xff, 0xfe]), "//4="],
  ])("a key that is %s still tells rows apart", (_what, key, shown) => {
    const message = {
      key: Buffer.from(key),
      value: Buffer.from(JSON.stringify(envelope("c", null, ALEX))),
      offset: "1",
    };
    expect(parseRecord(TOPIC, 0, message)).toMatchObject({ op: "create", key: { key: shown }, after: ALEX });
  });
});
