import { expect, test } from "@jest/globals";
import { listLines, recordJson, showLines } from "../../../commands/dead-letters/letter-lines";
import { plain } from "../../../commands/terminal/paint";
import { letterJson, letterOf, markText, standingsOf } from "../../../consumer/letters/letter";
import { record } from "../../consumer/letters/letters";

const ESCAPE = "\u001b[2J";
const standings = standingsOf(
  [
    record(9),
    record(10, { "dead-letter-error": `first\nsecond ${ESCAPE}` }),
    record(11, { "dead-letter-retry-of": "9", "dead-letter-attempts": "1", "dead-letter-offset": "49" }),
    record(12, { "dead-letter-offset": undefined }),
  ].map(letterOf),
  new Map([record(9), record(10)].map((each, i) => [markText(letterOf(each)), BigInt(i)])),
  2n,
);

test("the list has a line for each, and nothing in it steers the terminal", () => {
  expect(listLines(standings, plain)).toEqual([
    ' 9  2026-01-01T00:00:05Z  cdctest.public.orders/0 offset 49  {"id":9}   5 attempts  failed again as 11  no such customer',
    '10  2026-01-01T00:00:05Z  cdctest.public.orders/0 offset 50  {"id":10}  5 attempts  sent back, handled  first⏎second ␛[2J',
    '11  2026-01-01T00:00:05Z  cdctest.public.orders/0 offset 49  {"id":11}  1 attempt   waiting             no such customer',
    '12  2026-01-01T00:00:05Z  of unknown origin                  {"id":12}  5 attempts  waiting             no such customer',
  ]);
});

test("a single letter is printed whole, with the stack in place of the error", () => {
  const whole = record(9, { "dead-letter-stack": "Error: no such customer\n    at handle", trace: ESCAPE });
  expect(showLines(standings[0]!, whole, plain)).toEqual([
    "Dead letter 9: failed again as 11",
    "  cdctest.public.orders/0 offset 49, given up on at 2026-01-01T00:00:05.000Z after 5 attempts",
    "error",
    "  Error: no such customer",
    "      at handle",
    "headers",
    "  dead-letter-topic: cdctest.public.orders",
    "  dead-letter-partition: 0",
    "  dead-letter-offset: 49",
    "  dead-letter-timestamp: 1767225600123",
    "  dead-letter-group: cdc-consumer",
    "  dead-letter-stage: handle",
    "  dead-letter-attempts: 5",
    "  trace: ␛[2J",
    "key",
    '  {"id":9}',
    "value",
    '  {"op":"c","after":{"id":9}}',
  ]);
});

test("bytes that are no text, and a value that was left out", () => {
  const odd = { ...record(9, { "dead-letter-value-omitted": "true" }), key: Buffer.from([0, 255]), value: null };
  expect(showLines(standings[0]!, odd, plain).slice(-4)).toEqual([
    "key",
    "  base64 AP8=",
    "value",
    "  left out: it was too large for the topic",
  ]);
});

test("as data", () => {
  expect(letterJson(standings[0]!)).toEqual({
    number: 9,
    state: "failed again",
    failedAs: 11,
    retryOf: null,
    at: "2026-01-01T00:00:05.000Z",
    topic: "cdctest.public.orders",
    partition: 0,
    offset: "49",
    group: "cdc-consumer",
    stage: "handle",
    error: "no such customer",
    attempts: 5,
    key: '{"id":9}',
    value: '{"op":"c","after":{"id":9}}',
    valueOmitted: false,
  });
  expect(letterJson(standings[2]!)).toMatchObject({ retryOf: 9, offset: "49" });
  expect(letterJson(standings[3]!)).toMatchObject({ topic: null, partition: null, offset: null });
  expect(recordJson(standings[0]!, record(9))).toMatchObject({
    number: 9,
    headers: { "dead-letter-offset": "49" },
    value: '{"op":"c","after":{"id":9}}',
  });
});
