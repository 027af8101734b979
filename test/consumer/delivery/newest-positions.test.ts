import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { NewestPositions } from "../../../consumer/delivery/newest-positions";

const change = fc.record({
  topic: fc.constantFrom("a", "b"),
  key: fc.oneof(
    fc.nat(12).map((id) => `{"id":${id}}`),
    fc.string(),
    fc.string({ unit: "grapheme" }),
  ),
  position: fc.nat(40),
});

/** What is never forgotten. */
class Everything {
  private readonly positions = new Map<string, number>();

  advance(row: string, position: number): boolean {
    const newer = position > (this.positions.get(row) ?? -1);
    if (newer) this.positions.set(row, position);
    return newer;
  }
}

describe("the newest positions", () => {
  test("of no more rows than are remembered are those of a Map", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const positions = new NewestPositions(300);
        const everything = new Everything();
        for (const { topic, key, position } of changes) {
          const expected = everything.advance(`${topic}/${key}`, position);
          expect(positions.advance(topic, key, position)).toBe(expected);
        }
      }),
    );
  });

  test("of the last rows are known, however many came before", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 400 }), (keys, rows) => {
        const positions = new NewestPositions(keys);
        const advance = (row: number) => positions.advance("t", `{"id":${row}}`, row);
        const all = Array.from({ length: rows }, (_, row) => row);
        expect(all.filter(advance)).toEqual(all);
        expect(all.slice(-keys).filter(advance)).toEqual([]);
      }),
    );
  });

  test("are forgotten after twice as many rows", () => {
    const positions = new NewestPositions(10);
    for (let row = 0; row < 20; row++) positions.advance("t", `${row}`, 5);
    expect(positions.advance("t", "0", 5)).toBe(true);
    expect(positions.advance("t", "19", 5)).toBe(false);
  });

  test("200,000 rows have as many hashes", () => {
    const positions = new NewestPositions(200_000);
    let repeated = 0;
    for (let row = 0; row < 200_000; row++) if (!positions.advance("t", `{"id":${row}}`, 5)) repeated++;
    expect(repeated).toBe(0);
  });
});
