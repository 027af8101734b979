import { expect, test } from "@jest/globals";
import { parseRecord } from "../../../consumer/change/parse-record";
import { envelope, record, TOPIC, withSchema } from "../records";
import { parseChange } from "./parsed";

const MARK = "__debezium_unavailable_value";
/** Debezium's placeholder for bytes, and for types that it does not know. */
const BYTES = "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==";
const AFTER = { id: 1, note: MARK, photo: BYTES, email: "a@b.example" };
/** The source's fields of Debezium as it is published. */
const PUBLISHED = { commit_lsn: undefined, event_serial_no: undefined };

test.each([
  ["by the short way", envelope("u", null, AFTER, PUBLISHED)],
  ["by the general way", withSchema(envelope("u", null, AFTER, { ...PUBLISHED, added: "" }))],
  ["in a create under another key", envelope("c", null, AFTER, PUBLISHED)],
])(
  "what Debezium as it is published writes for a value that is not logged is left out and named, %s",
  (_way, value) => {
    const change = parseChange({ id: 1 }, value);
    expect([change.after, change.unchanged, change.eventId]).toEqual([
      { id: 1, email: "a@b.example" },
      ["note", "photo"],
      null,
    ]);
  },
);

test("the record's own text is not handed on for a row that lacks some of it", () => {
  const texts = { key: null, before: null, after: null };
  parseRecord(TOPIC, 0, record({ id: 1 }, envelope("u", null, AFTER, PUBLISHED)), texts);
  expect(texts.after).toBeNull();
});

test("a text that is just this is a value where this project's classes wrote the record, and in a snapshot", () => {
  expect(parseChange({ id: 1 }, envelope("u", null, AFTER))).toMatchObject({ after: AFTER });
  expect(parseChange({ id: 1 }, envelope("u", null, AFTER))).not.toHaveProperty("unchanged");
  expect(parseChange({ id: 1 }, envelope("r", null, AFTER, PUBLISHED))).toMatchObject({ after: AFTER });
});
