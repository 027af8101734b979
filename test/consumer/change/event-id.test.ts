import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { eventIdOf, placeOf } from "../../../consumer/change/event-id";
import { ALEX, EVENT_ID, envelope } from "../records";
import { parseChange } from "./parsed";

const idOf = (key: unknown, value: unknown): string | null => parseChange(key, value).eventId;

describe("the id of an event", () => {
  test("is its transaction's commit and its number in it", () => {
    expect(idOf({ id: 1 }, envelope("u", ALEX, ALEX))).toBe(EVENT_ID);
    expect(idOf(null, envelope("t", null, null))).toBe(EVENT_ID);
  });

  test("of a key that changes there are two, the delete's first", () => {
    expect(idOf({ id: 1 }, envelope("d", ALEX, null))).toBe("0000000001A2B400-000000000006");
    expect(idOf({ id: 2 }, envelope("c", null, { ...ALEX, id: 2 }))).toBe("0000000001A2B400-000000000007");
  });

  test("is the same for an event that comes again, before and behind a thousand", () => {
    const idAt = (serial: number) => eventIdOf("create", "27440128", serial, "t", null, null);
    expect([3, 499, 500, 123_456_789, 3].map(idAt)).toEqual([
      "0000000001A2B400-000000000007",
      "0000000001A2B400-000000000999",
      "0000000001A2B400-000000001001",
      "0000000001A2B400-000246913579",
      "0000000001A2B400-000000000007",
    ]);
  });

  test("of a snapshot's row is where the snapshot was taken, the table and the key", () => {
    const source = { snapshot: "true", event_serial_no: 0 };
    const place = "0000000001A2B400-000000000001";
    expect(idOf({ id: 1 }, envelope("r", null, ALEX, source))).toBe(`${place} public.customers {"id":1}`);
    expect(placeOf(`${place} public.customers {"id":1}`)).toBe(place);
  });

  test("is not known of a snapshot's row without a key, and without a place", () => {
    expect(idOf(null, envelope("r", null, ALEX))).toBeNull();
    expect(idOf({ id: 1 }, envelope("u", ALEX, ALEX, { commit_lsn: undefined }))).toBeNull();
    const { source: _source, ...rest } = envelope("u", ALEX, ALEX);
    expect(idOf({ id: 1 }, rest)).toBeNull();
  });

  test("of a row without its envelope is what add.fields puts beside it", () => {
    const about = { __op: "c", __source_commit_lsn: 27_440_128, __source_event_serial_no: 3 };
    expect(idOf({ id: 1 }, { ...ALEX, ...about })).toBe(EVENT_ID);
  });
});

test("the order of the texts is that of commits, of events in them, and of delete before create", () => {
  const place = fc.tuple(fc.nat(2 ** 40), fc.nat(2 ** 30), fc.constantFrom("delete" as const, "create" as const));
  fc.assert(
    fc.property(place, place, (a, b) => {
      const [one, other] = [a, b].map(([commit, serial, op]) =>
        eventIdOf(op, String(commit), serial, "t", null, null)!,
      );
      const order = a[0] - b[0] || a[1] - b[1] || Number(b[2] === "delete") - Number(a[2] === "delete");
      expect(Math.sign(one! < other! ? -1 : one! > other! ? 1 : 0)).toBe(Math.sign(order));
    }),
  );
});
