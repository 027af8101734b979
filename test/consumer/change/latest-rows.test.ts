import { expect, test } from "@jest/globals";
import type { Change } from "../../../consumer/change/change-event";
import { Keyless, LatestRows, Piece } from "../../../consumer/change/latest-rows";

let offset = 0;

function change(op: Change["op"], id: number | null, over: Partial<Change> = {}): Change {
  return {
    ...{ op, table: "public.t", topic: "p.public.t", partition: 0, offset: String(offset++) },
    ...{ key: id === null ? null : { id }, before: null, changed: [], position: null, committedAtMicros: 1 },
    after: op === "delete" || op === "truncate" ? null : { id, n: offset },
    ...over,
  } as Change;
}

function piece(changes: Change[], mostBytes = 1e6, each = 10): Piece {
  const made = new Piece(mostBytes);
  changes.forEach((one, at) => made.add(one, at, each));
  return made;
}

function keysOf(rows: LatestRows): unknown[] {
  return rows.existing.map(({ key }) => key["id"]);
}

test("of each key the last record counts, the row that changed last is the first, deleted rows are none", () => {
  const rows = new LatestRows();
  rows.addOlder(piece([change("create", 1), change("create", 2), change("update", 1), change("delete", 2)]));
  rows.addOlder(piece([change("snapshot", 3), change("snapshot", 2), change("snapshot", 1)]));
  expect(keysOf(rows)).toEqual([1, 3]);
  expect(rows.existing[0]).toMatchObject({ op: "update", offset: "2" });
});

test("a large value that updates did not touch is found further back, in the same piece and in older ones", () => {
  const rows = new LatestRows();
  const untouched = (id: number) =>
    change("update", id, { after: { id, n: 1 }, unchanged: ["doc"] } as Partial<Change>);
  rows.addOlder(
    piece([
      change("update", 1, { after: { id: 1, n: 0, doc: "here" } } as Partial<Change>),
      untouched(1),
      untouched(2),
      untouched(3),
    ]),
  );
  rows.addOlder(
    piece([
      change("create", 2, { after: { id: 2, n: 0, doc: "back" } } as Partial<Change>),
      change("create", 3, { after: { id: 3, n: 0, doc: "another row's" } } as Partial<Change>),
      change("delete", 3),
    ]),
  );
  const told = rows.existing.map(({ row, unchanged }) => [row!["id"], row!["doc"], unchanged]);
  expect(told).toEqual([
    [3, undefined, ["doc"]],
    [2, "back", []],
    [1, "here", []],
  ]);
});

test("nothing before a TRUNCATE counts", () => {
  const emptied = piece([change("create", 1), change("truncate", null), change("create", 2)]);
  expect([...emptied.rows.values()].map(({ key }) => key)).toEqual([{ id: 2 }]);
  expect(emptied.bottom).toBe("truncated");
});

test("what is too much to hold is let go, the rows that changed longest ago first", () => {
  const full = piece(
    [1, 2, 3, 1].map((id) => change("update", id)),
    25,
  );
  expect([...full.rows.values()].map(({ key }) => key["id"])).toEqual([3, 1]);
  expect(full.bottom).toBe("full");
  expect(piece([change("create", 1)], 5).rows.size).toBe(1);
});

test("records without a key are no rows", () => {
  expect(() => piece([change("create", null)])).toThrow(
    new Keyless("public.t has no primary key, so no record says which row it is of"),
  );
});

test("keys of which later records tell all take no room", () => {
  const rows = new LatestRows();
  rows.addOlder(piece([change("delete", 1), change("update", 2)]));
  const older = new Piece(100, rows);
  for (const id of [3, 1, 2]) older.add(change("create", id), 0, 100);
  expect([...older.rows.values()].map(({ key }) => key["id"])).toEqual([3]);
  expect(older.bottom).toBe(null);
});

test("deletes take no room of the rows", () => {
  const deleted = piece([change("create", 1), ...[2, 3, 4].map((id) => change("delete", id))], 700, 100);
  expect(deleted.bottom).toBe(null);
});
