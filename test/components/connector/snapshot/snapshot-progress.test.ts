import { describe, expect, test } from "@jest/globals";
import { progressWords } from "../../../../components/connector/snapshot/snapshot-progress";
import { recordsIn } from "../../../../components/connector/snapshot/written";

test("a transaction takes an offset of its own: with exactly once there are fewer records than offsets", () => {
  const once = { "exactly.once.support": "required", "max.batch.size": 512 };
  expect(recordsIn(1002, { "max.batch.size": 512 })).toBe(1002);
  // 3 rows in one transaction, and 1,000 in two, with a full batch as the most.
  expect([0, 4, 1002].map((offsets) => recordsIn(offsets, once))).toEqual([0, 3, 1000]);
  expect(recordsIn(2049, { "exactly.once.support": "required" })).toBe(2048);
});

describe("how far a snapshot is", () => {
  test("one table: its rows, of about how many, and how fast", () => {
    const now = [{ table: "public.orders", rows: 1_250_000, of: 5_000_000 }];
    const before = [{ table: "public.orders", rows: 1_150_000, of: 5_000_000 }];
    expect(progressWords(now, before, 5)).toBe(
      "snapshot: public.orders 1,250,000 of about 5,000,000 (25 %); 20,000 rows/s",
    );
  });

  test("several: those that move, and all of them", () => {
    const now = [
      { table: "public.a", rows: 10 },
      { table: "public.b", rows: 500, of: 400 },
      { table: "public.c", rows: 0 },
    ];
    expect(progressWords(now, [{ table: "public.a", rows: 10 }], 2)).toBe(
      "snapshot: public.b 500 of about 400 (100 %); 510 rows of 2 of 3 tables; 250 rows/s",
    );
  });

  test("nothing moves", () => {
    const now = [{ table: "public.a", rows: 10 }];
    expect(progressWords(now, now, 2)).toBe("snapshot: no new rows; 0 rows/s");
  });
});
