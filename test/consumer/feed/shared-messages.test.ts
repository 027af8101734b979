import { beforeEach, expect, test } from "@jest/globals";
import type { Op } from "../../../consumer/api";
import { EVERYTHING, type Filter } from "../../../consumer/change/filter";
import { Recent } from "../../../consumer/feed/recent";
import { SharedMessages } from "../../../consumer/feed/shared-messages";

let recent: Recent;
let messages: SharedMessages;
let read: number;

beforeEach(() => {
  recent = new Recent(3000, 1 << 24);
  messages = new SharedMessages(recent, "e1", () => 0);
  read = 0;
  const forwards = recent.forwards.bind(recent);
  recent.forwards = function* (id) {
    for (const entry of forwards(id)) {
      read++;
      yield entry;
    }
  };
  for (let id = 1; id <= 10; id++) recent.add({ op: id % 2 ? "create" : "delete", table: "t", json: `{"id":${id}}` });
});

const of = (op: Op): Filter => ({ ...EVERYTHING, ops: new Set([op]) });
const text = (filter: Filter, after: number) => messages.next(filter, after, 1).bytes?.toString();

test("the same changes after the same place are read and encoded once, however many ask, each with a filter of its own", () => {
  const { bytes } = messages.next(of("create"), 0, 1);
  expect(bytes?.toString()).toBe('id: e1-10\nevent: changes\ndata: [{"id":1},{"id":3},{"id":5},{"id":7},{"id":9}]\n\n');
  for (let client = 0; client < 19; client++) expect(messages.next(of("create"), 0, 1).bytes).toBe(bytes);
  expect(read).toBe(10);
});

test("another filter or another place is another message", () => {
  expect(text(of("delete"), 0)).toContain('[{"id":2},');
  expect(text(of("create"), 0)).toContain('[{"id":1},');
  expect(text(of("create"), 2)).toContain('[{"id":3},');
  expect(text({ ...EVERYTHING, tables: new Set(["t"]) }, 8)).toContain('[{"id":9},{"id":10}]');
  expect(text({ ...EVERYTHING, tables: new Set(["other"]) }, 8)).toBeUndefined();
});

test("what is forgotten is made again, with what came meanwhile", () => {
  expect(messages.next(EVERYTHING, 8, 1).to).toBe(10);
  recent.add({ op: "create", table: "t", json: '{"id":11}' });
  expect(messages.next(EVERYTHING, 8, 1).to).toBe(10);
  messages.forget();
  expect(messages.next(EVERYTHING, 8, 1).to).toBe(11);
});
