import { expect, test } from "@jest/globals";
import { inGroups } from "../../../consumer/kafka/letters/letter-box";
import { letterOf, markOf, markText, standingsOf } from "../../../consumer/letters/letter";
import { record } from "./letters";

test("of a large letter the beginning is kept, and its size", () => {
  const letter = letterOf({ ...record(1), value: Buffer.from("ä".repeat(5000)), key: Buffer.from([0, 255]) });
  expect(letter.value).toBe(`${"ä".repeat(1000)}…`);
  expect(letter.key).toBe("base64 AP8=");
  expect(letter.bytes).toBeGreaterThan(10_000);
});

test("a letter is not taken for one that was sent back before topics were made again, with the same number and place", () => {
  const headers = (timestamp: string) => ({
    ...{ "dead-letter-topic": "shop.public.t", "dead-letter-partition": "0", "dead-letter-offset": "7" },
    "dead-letter-timestamp": timestamp,
  });
  const letter = letterOf({ ...record(1), headers: headers("1000") });
  const mark = (timestamp: string) => markText(markOf({ ...headers(timestamp), "dead-letter-retry-of": "1" })!);
  expect(standingsOf([letter], new Map([[mark("999"), 0n]]), 5n)[0]!.state).toBe("waiting");
  expect(standingsOf([letter], new Map([[mark("1000"), 0n]]), 5n)[0]!.state).toBe("handled");
});

test("letters go to the broker in groups of 256 KB, a larger one alone, in their order", () => {
  const sizes = [100_000, 100_000, 100_000, 900_000, 1, 2];
  const letters = sizes.map((bytes, number) => ({ ...letterOf(record(number)), bytes }));
  const numbers = inGroups(letters).map((group) => group.map(({ number }) => number));
  expect(numbers).toEqual([["0", "1"], ["2"], ["3"], ["4", "5"]]);
  expect(inGroups([])).toEqual([]);
});
