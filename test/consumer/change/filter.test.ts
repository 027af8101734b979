import { expect, test } from "@jest/globals";
import { parseOptions, toQuery } from "../../../commands/watch/watch-options";
import type { ChangeJson } from "../../../consumer/api";
import { EVERYTHING } from "../../../consumer/change/filter";
import { parseRecord } from "../../../consumer/change/parse-record";
import { changeToJson } from "./line";
import { readFilter } from "../../../consumer/feed/http/query";
import { Recent } from "../../../consumer/feed/recent";
import { matches, toQuery as pageQuery } from "../../../consumer/page/changes/filter-form";
import { newestOf } from "../feed/ring";

const ENVELOPE = {
  before: null,
  source: { schema: "public", table: "Customers", ts_us: 1, lsn: 2, txId: 3 },
  op: "c",
  transaction: null,
};

/** A change in the form of log and feed. Some producers of JSON, such as Debezium's converter, write an emoji as two escapes. */
function json(value: object): string {
  const text = JSON.stringify({ ...ENVELOPE, ...value }).replace(
    /[\ud800-\udfff]/g,
    (half) => `\\u${half.charCodeAt(0).toString(16)}`,
  );
  const message = { offset: "7", key: Buffer.from('{"id":17}'), value: Buffer.from(text) };
  const change = parseRecord("cdctest.public.customers", 0, message);
  if (!("changed" in change)) throw new Error(JSON.stringify(change));
  return changeToJson(change, { id: 1, lagMs: null });
}

const ROW = json({
  after: {
    name: 'Ada "the first" 😀',
    note: null,
    paid: true,
    tags: ["ROT", null],
    point: { x: 1.5 },
    path: "a\\b\nc",
    cafe: "Cafe\u0301 du coin",
    theatre: "th\u00e9\u00e2tre",
    street: "ΟΔΟΣ ΟΔΟΣΑ",
    town: "İstanbul",
    road: "Große Straße",
  },
});
const MESSAGE = json({
  op: "m",
  source: { ...ENVELOPE.source, table: "" },
  after: null,
  message: { prefix: "Audit", content: "bG9naW4g8J+YgA==" },
});
const OLD = json({ op: "d", before: { name: "Grace" }, after: null });

test.each<[string, string, boolean]>([
  ["a value, whatever the case", "ADA", true],
  ["the table, whatever the case", "public.CUSTOMERS", true],
  ["the key", "17", true],
  ["a number", "1.5", true],
  ["a boolean", "true", true],
  ["an item of an array", "rot", true],
  ["a quote", '"', true],
  ["a text with quotes", '"the first"', true],
  ["a backslash", "a\\b", true],
  ["a line's end", "b\nc", true],
  ["an emoji", "😀", true],
  ["an accent, written as one letter", "CAF\u00e9", true],
  ["an accent, written behind its letter", "the\u0301a\u0302tre", true],
  ["a part of a word, with what would be another letter at its end", "οδος", true],
  ["the same in upper case", "ΟΔΟΣΑ", true],
  ["an I with a dot", "İSTANBUL", true],
  ["an I with a dot, in lower case", "i\u0307stanbul", true],
  ["a sharp s in upper case", "STRASSE", true],
  ["NULL, which is no text", "null", false],
  ["the name of a column", "paid", false],
  ["the names of a change's parts", "topic", false],
  ["another one of them", "before", false],
  ["what reaches from one value into the next", "ada,", false],
  ["what is not there", "bob", false],
])("of a row %s is looked for: %j", (_what, text, found) => {
  expect(foundBy(ROW, text)).toEqual({ page: found, pageAsksTheConsumer: found, watch: found });
});

test.each([
  ["audit", true],
  ["LOGIN 😀", true],
  ["bG9naW4", false],
])("of a message %s is found: %s", (text, found) => {
  expect(foundBy(MESSAGE, text)).toEqual({ page: found, pageAsksTheConsumer: found, watch: found });
});

test("of a delete the old row is looked through", () => {
  expect(foundBy(OLD, "grace")).toEqual({ page: true, pageAsksTheConsumer: true, watch: true });
});

/** Whether the page finds it, the consumer for the page, and the consumer for `npm run watch`. */
function foundBy(json: string, text: string) {
  const recent = new Recent(1, 1 << 20);
  const change = JSON.parse(json) as ChangeJson;
  recent.add({ op: change.op, table: change.table, json });
  const asked = (query: URLSearchParams) =>
    newestOf(recent, 1, readFilter(new URLSearchParams(query.toString()))).length === 1;
  const filter = { ...EVERYTHING, text };
  return {
    page: matches(filter, change),
    pageAsksTheConsumer: asked(pageQuery(filter)),
    watch: asked(toQuery(parseOptions(["--text", text])!)),
  };
}
