import { expect, test } from "@jest/globals";
import { choose } from "../../../consumer/letters/choose";
import { letterOf, markText, standingsOf } from "../../../consumer/letters/letter";
import { record } from "./letters";

const GROUP = "cdc-consumer";
/** 0 failed again as 3, 1 is handled, 2 was sent back and is not handled yet, the others wait. */
const letters = [
  record(0),
  record(1),
  record(2),
  record(3, { "dead-letter-retry-of": "0", "dead-letter-offset": "40" }),
  record(4, { "dead-letter-topic": "cdctest.public.items" }),
  record(5, { "dead-letter-value-omitted": "true" }),
  record(6, { "dead-letter-group": "another" }),
  record(7, { "dead-letter-topic": undefined }),
].map(letterOf);
const sent = new Map(letters.slice(0, 3).map((letter) => [markText(letter), BigInt(letter.number)]));
const standings = standingsOf(letters, sent, 2n);

const all = (...tables: string[]) => choose(standings, undefined, tables, GROUP);
const named = (...numbers: string[]) => choose(standings, numbers, [], GROUP);
const numbersOf = ({ send }: ReturnType<typeof choose>) => send.map(({ letter }) => letter.number);

test("what has become of each", () => {
  expect(standings.map(({ letter, state, failedAs }) => [letter.number, state, failedAs])).toEqual([
    ["0", "failed again", "3"],
    ["1", "handled", undefined],
    ["2", "sent back", undefined],
    ["3", "waiting", undefined],
    ["4", "waiting", undefined],
    ["5", "waiting", undefined],
    ["6", "waiting", undefined],
    ["7", "waiting", undefined],
  ]);
});

test("of a topic that was made again, letters wait: marks and failures of the one before are of other records", () => {
  const made = [
    record(0, { "dead-letter-offset": "70" }),
    record(1, { "dead-letter-offset": "71", "dead-letter-retry-of": "0" }),
    // What was sent back from the topic before fails now.
    record(2, { "dead-letter-offset": "41", "dead-letter-retry-of": "1" }),
  ].map(letterOf);
  expect(standingsOf(made, sent, 3n).map(({ state }) => state)).toEqual(["waiting", "waiting", "waiting"]);
});

test("a group that has committed nothing has handled nothing", () => {
  expect(standingsOf(letters, sent, -1n)[1]).toMatchObject({ state: "sent back" });
});

test("all: those that wait, and each that cannot be sent is named with the way out", () => {
  const choice = all();
  expect(numbersOf(choice)).toEqual(["3", "4"]);
  expect(choice.refused.map(({ number }) => number)).toEqual(["5", "6", "7"]);
  const [omitted, other, foreign] = choice.refused.map(({ reason }) => reason);
  expect(omitted).toContain("Dead letter 5 has no value, which was too large");
  expect(omitted).toContain("`npm run replay -- --offset 45 --partition 0 --table 'public.orders'`");
  expect(omitted).toContain("cdc:maxRecordMb");
  expect(other).toContain("given up on by the group another");
  expect(foreign).toContain("no headers that say where it came from");
});

test("all of a table", () => {
  expect(all("public.items")).toMatchObject({ send: [{ letter: { number: "4" } }], refused: [] });
  expect(all("public.nothing")).toEqual({ send: [], refused: [] });
});

test("all of a topic without a prefix, as a transform may name one", () => {
  const audit = standingsOf([letterOf(record(0, { "dead-letter-topic": "audit" }))], new Map(), 0n);
  expect(choose(audit, undefined, ["audit"], GROUP).send).toHaveLength(1);
  expect(choose(audit, undefined, ["public.audit"], GROUP).send).toHaveLength(0);
});

test("named ones go in the order of the topic", () => {
  expect(numbersOf(named("4", "3"))).toEqual(["3", "4"]);
});

test.each([
  ["0", "Dead letter 0 was sent back and has failed again: it is dead letter 3 now."],
  ["1", "Dead letter 1 was sent back and is handled."],
  ["2", "Dead letter 2 is sent back already; the consumer has not come to it yet."],
  ["5", "Dead letter 5 has no value"],
  ["99", "There is no dead letter 99."],
])("%s among the named ones keeps all back", (number, sentence) => {
  expect(() => named("3", number)).toThrow(sentence);
  expect(() => named("3", number)).toThrow("Nothing was sent.");
});
