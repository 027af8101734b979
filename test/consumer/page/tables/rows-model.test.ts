import { expect, test } from "@jest/globals";
import type { ChangeJson, LatestRowJson, Op } from "../../../../consumer/api";
import { MOST_ROWS, RowsModel } from "../../../../consumer/page/tables/rows-model";

const TOPIC = "cdctest.public.customers";

function row(id: number, offset: number): LatestRowJson {
  return {
    ...{ key: { id }, row: { id, n: offset }, op: "create" },
    committedAt: null,
    partition: 0,
    offset: String(offset),
  };
}

function change(op: Op, id: number | null, offset: number, over: Partial<ChangeJson> = {}): ChangeJson {
  return {
    ...{ id: offset, eventId: null, op, table: "public.customers", topic: TOPIC, partition: 0, offset: String(offset) },
    ...{
      key: id === null ? null : { id },
      before: null,
      after: op === "delete" || op === "truncate" ? null : { id, n: offset },
    },
    ...{ changed: [], lagMs: null, committedAt: null, position: null },
    ...over,
  };
}

function modelOf(...rows: LatestRowJson[]): RowsModel {
  const model = new RowsModel(TOPIC);
  model.set({ rows, topic: TOPIC, whole: true, records: rows.length });
  return model;
}

function told(model: RowsModel): unknown[] {
  return model.rows.map(({ row }) => [row["id"], row["n"]]);
}

test("a dead letter that was sent back changes nothing: the topic had it before", () => {
  const model = modelOf(row(1, 4));
  expect(
    model.receive([change("create", 2, 3, { retried: true }), change("truncate", null, 2, { retried: true })]),
  ).toBe(false);
  expect(told(model)).toEqual([[1, 4]]);
});

test("changes move their row to the front, add one, or take it away", () => {
  const model = modelOf(row(2, 5), row(1, 4));
  expect(model.receive([change("update", 1, 6), change("create", 3, 7), change("delete", 2, 8)])).toBe(true);
  expect(told(model)).toEqual([
    [3, 7],
    [1, 6],
  ]);
  expect(model.receive([change("truncate", null, 9)])).toBe(true);
  expect(told(model)).toEqual([]);
});

test("a change that the answer has already, and those of other topics, change nothing", () => {
  const model = modelOf(row(1, 4));
  model.receive([change("update", 1, 3)]);
  expect(model.receive([change("update", 1, 9, { topic: "cdctest.public.orders" })])).toBe(false);
  expect(told(model)).toEqual([[1, 4]]);
});

test("an unchanged large value stays; if it was never known, the cell says so", () => {
  const model = modelOf({ ...row(1, 4), row: { id: 1, doc: "long" } });
  model.receive([
    change("update", 1, 5, { after: { id: 1 }, unchanged: ["doc"] }),
    change("update", 2, 6, { after: { id: 2 }, unchanged: ["doc"] }),
  ]);
  expect(model.rows).toMatchObject([{ row: { id: 2 }, unchanged: ["doc"] }, { row: { id: 1, doc: "long" } }]);
});

test("no more rows are kept than were asked for, and then they are not all", () => {
  const model = modelOf(...Array.from({ length: MOST_ROWS }, (_, i) => row(MOST_ROWS - i, MOST_ROWS - i)));
  model.receive([change("create", MOST_ROWS + 1, MOST_ROWS + 1)]);
  expect(model.rows).toHaveLength(MOST_ROWS);
  expect(model.rows.at(-1)!.key).toEqual({ id: 2 });
  expect(model.whole).toBe(false);
});
