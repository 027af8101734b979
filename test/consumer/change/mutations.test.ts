import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Change, isChange } from "../../../consumer/change/change-event";
import { changeToText } from "../../../consumer/change/change-json";
import { changeToJson } from "./line";
import { mutated, mutations } from "../../support/mutations";
import { envelope, text } from "../records";
import { parse } from "./parsed";

const ROW = { id: 1, first_name: "alex", email: null, tags: ["a", null], at: "2026-01-01T00:00:00.000000Z" };
const OPS = "snapshot create update delete truncate message heartbeat tombstone unreadable".split(" ");
/** Texts of errors of code that got another kind of value than it expects. */
const CRASH = /Cannot (read|set|convert|use)|is not (a function|iterable)|\[object /;

/** Numbers that JavaScript would round stay texts until they are sent. */
const plain = (value: unknown): unknown => JSON.parse(text(value));

const records = fc.constantFrom(
  envelope("c", null, ROW),
  envelope("r", null, ROW),
  envelope("u", ROW, { ...ROW, email: "a@b" }),
  envelope("d", ROW, null),
  { schema: { type: "struct" }, payload: envelope("c", null, ROW) },
  ROW,
);

test.each(["99999999999999999999", "9999999999999999999"])(
  "a commit time that no date can name is not known: %s",
  (time) => {
    // Once as Debezium writes it, and once with blanks, which the fast parser does not read.
    const written = text(envelope("c", null, ROW)).replace(/"ts_us":\d+/, `"ts_us":${time}`);
    for (const value of [written, written.replace('"op":', '"op": ')]) {
      const event = parse({ id: 1 }, value);
      expect(event).toMatchObject({ op: "create", committedAtMicros: null });
      expect(JSON.parse(changeToJson(event as Change, { id: 1, lagMs: null }))).toMatchObject({ committedAt: null });
    }
  },
);

test("a record with a missing or another part is a change, or the error says why it is none", () => {
  fc.assert(
    fc.property(records, mutations, fc.option(mutations), (record, one, more) => {
      const first = mutated(plain(record), one);
      const event = parse({ id: 1 }, (more === null ? first : mutated(first, more)) ?? null);
      expect(OPS).toContain(event.op);
      if (event.op === "unreadable") {
        expect(event.reason).not.toBe("");
        expect(event.reason).not.toMatch(CRASH);
      }
      if (!isChange(event)) return;
      expect(JSON.parse(changeToJson(event, { id: 1, lagMs: null }))).toMatchObject({ id: 1, op: event.op });
      expect(changeToText(event, { lagMs: null })).not.toMatch(/\n|\[object /);
    }),
    { numRuns: 1000 },
  );
});
