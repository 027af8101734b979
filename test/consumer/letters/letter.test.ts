import { expect, test } from "@jest/globals";
import { inGroups } from "../../../consumer/kafka/letters/letter-box";
import { letterOf } from "../../../consumer/letters/letter";
import { record } from "./letters";

test("of a large letter the beginning is kept, and its size", () => {
  const letter = letterOf({ ...record(1), value: Buffer.from("ä".repeat(5000)), key: Buffer.from([0, 255]) });
  expect(letter.value).toBe(`${"ä".repeat(1000)}…`);
  expect(letter.key).toBe("base64 AP8=");
  expect(letter.bytes).toBeGreaterThan(10_000);
});

test("letters go to the broker in groups of 256 KB, a larger one alone, in their order", () => {
  const sizes = [100_000, 100_000, 100_000, 900_000, 1, 2];
  const letters = sizes.map((bytes, number) => ({ ...letterOf(record(number)), bytes }));
  const numbers = inGroups(letters).map((group) => group.map(({ number }) => number));
  expect(numbers).toEqual([["0", "1"], ["2"], ["3"], ["4", "5"]]);
  expect(inGroups([])).toEqual([]);
});
