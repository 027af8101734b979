import { expect, test } from "@jest/globals";
import { unusedOf } from "../../../commands/images/unused";

const consumer = (letter: string, packages = "") => `cdc/consumer:${letter.repeat(12)}${packages && `-${packages}`}`;
const none = new Set<string>();

test("of each repository two that nothing uses are kept, the newest", () => {
  const own = ["a", "b", "c", "d"].map((letter) => consumer(letter));
  expect(unusedOf([...own, "cdc/kafka:aaaaaaaaaaaa"], none)).toEqual([consumer("c"), consumer("d")]);
});

test("an image that a container or a stack uses stays, and does not count as one of the two", () => {
  const own = ["a", "b", "c", "d"].map((letter) => consumer(letter));
  expect(unusedOf(own, new Set([consumer("a"), consumer("d")]))).toEqual([]);
  expect(unusedOf([...own, consumer("e")], new Set([consumer("a"), consumer("d")]))).toEqual([consumer("e")]);
});

test("what was built before a rebuild is never taken again, so it goes as soon as nothing uses it", () => {
  const own = [consumer("a", "20260102030405"), consumer("a"), consumer("b", "20260101000000"), consumer("c")];
  expect(unusedOf(own, new Set([consumer("a", "20260102030405"), consumer("c")]))).toEqual([
    consumer("a"),
    consumer("b", "20260101000000"),
  ]);
});

test("images of others that were made from ours bear the label, too, and are left alone", () => {
  const own = ["cdc/consumer:mine", "registry.example/cdc/consumer:aaaaaaaaaaaa", "shop/postgres:17", "<none>:<none>"];
  expect(unusedOf(own, none)).toEqual([]);
});
