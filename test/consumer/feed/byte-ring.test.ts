import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { ByteRing } from "../../../consumer/feed/byte-ring";

const BYTES = 64;

test("holds the newest texts as they were, as many as there is room for", () => {
  const text = fc.oneof(
    fc.string({ minLength: 1, maxLength: 30 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
    fc.constant("x".repeat(70)),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(text, { maxLength: 60 }), (most, texts) => {
      const ring = new ByteRing(most, BYTES);
      texts.forEach((added, n) => {
        const first = ring.add(added);
        const held = Array.from({ length: n + 1 - first }, (_, i) => ring.get(first + i));
        expect(held).toEqual(texts.slice(first, n + 1));
        expect(held.length).toBeGreaterThanOrEqual(1);
        expect(held.length).toBeLessThanOrEqual(most);
        // No text was dropped without need: with the last dropped one, and a text's length lost at the block's end, it would be too much.
        const bytes = texts
          .slice(Math.max(0, first - 1), n + 1)
          .reduce((sum, each) => sum + Buffer.byteLength(each), 0);
        const longest = Math.max(...texts.map((each) => Buffer.byteLength(each)));
        if (first > 0 && held.length < most) expect(bytes + longest).toBeGreaterThan(BYTES);
      });
    }),
    { numRuns: 300 },
  );
});
