import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { compare } from "../../../commands/verify/compare";
import { hashesOf, keyOf, RowFile } from "../../../commands/verify/rows";
import type { TableShape } from "../../../commands/verify/table";
import { TopicRows } from "../../../commands/verify/topic-rows";
import { momentOf } from "../../../commands/verify/visibility";

let folder: string;
let files: RowFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "verify-"));
  files = [];
});
afterEach(() => {
  for (const file of files) file.remove();
  rmSync(folder, { recursive: true });
});

const shape: TableShape = {
  name: "public.t",
  sql: "public.t",
  columns: [
    { name: "id", type: { name: "int4" } },
    { name: "v", type: { name: "text" } },
  ],
  isFull: true,
};
const MOMENT = momentOf("1000:1000:", 1_000_000n);

function file(name: string, hashes = 1): RowFile {
  const made = new RowFile(join(folder, name), hashes);
  files.push(made);
  return made;
}

/** The database's side. */
function held(rows: [number, string | null][], keyed = true, isFull = true): RowFile {
  const into = file(`held-${files.length}`, isFull ? 1 : 2);
  for (const [id, v] of rows) {
    const values = [`#${id}`, v === null ? null : `'${v}`];
    into.put({ kind: "set", key: keyOf(keyed ? [values[0]!] : values), hashes: hashesOf(values, !isFull), offset: 0 });
  }
  return into;
}

interface Told {
  op: string;
  before?: object | null;
  after?: object | null;
  unchanged?: string[];
  lsn?: number;
}

/** The topic's side; `key` false: a table without one. */
function told(records: Told[], key = true, isFull = true): RowFile {
  const into = file(`told-${files.length}`, isFull ? 1 : 2);
  const rows = new TopicRows({ ...shape, isFull }, MOMENT, () => into);
  records.forEach(({ op, before = null, after = null, unchanged, lsn = 1 }, offset) => {
    const { id } = (after ?? before ?? { id: 0 }) as { id: number };
    const value = { before, after, op, source: { lsn, txId: 5 }, ...(unchanged && { unchanged }) };
    const recordKey = key && op !== "t" ? Buffer.from(JSON.stringify({ id })) : null;
    rows.take({ key: recordKey, value: Buffer.from(JSON.stringify(value)), offset: String(offset) });
  });
  return into;
}

const row = (id: number, v: string | null) => ({ id, v });

describe("with a key", () => {
  test("the last record of each key is its row; order does not matter for the hash", () => {
    const topic = told([
      { op: "r", after: row(1, "a") },
      { op: "c", after: row(2, "b") },
      { op: "u", before: row(1, "a"), after: row(1, null) },
      { op: "c", after: row(3, "c") },
      { op: "d", before: row(3, "c") },
    ]);
    const result = compare(
      held([
        [2, "b"],
        [1, null],
      ]),
      topic,
      true,
    );
    expect(result).toMatchObject({ rows: { database: 2, topic: 2 }, differing: 0, mismatches: [] });
    expect(result.hash.database).toBe(result.hash.topic);
    expect(result.hash.database).toBe(
      compare(
        held([
          [1, null],
          [2, "b"],
        ]),
        topic,
        true,
      ).hash.database,
    );
  });

  test("a lost, an invented and an altered row are told apart, with where the topic tells them", () => {
    const topic = told([
      { op: "c", after: row(1, "a") },
      { op: "c", after: row(2, "other") },
      { op: "c", after: row(4, "d") },
    ]);
    const { differing, mismatches, hash } = compare(
      held([
        [1, "a"],
        [2, "b"],
        [3, "c"],
      ]),
      topic,
      true,
    );
    expect(differing).toBe(3);
    expect(mismatches.map(({ kind, offset }) => [kind, offset])).toEqual([
      ["different", 1],
      ["only in the database", null],
      ["only in the topic", 2],
    ]);
    expect(hash.database).not.toBe(hash.topic);
  });

  test("TRUNCATE takes all before it, and what the snapshot did not see yet does not count", () => {
    const topic = told([
      { op: "c", after: row(1, "a") },
      { op: "t" },
      { op: "c", after: row(2, "b") },
      { op: "c", after: row(3, "later"), lsn: 2_000_000 },
    ]);
    expect(compare(held([[2, "b"]]), topic, true).differing).toBe(0);
  });

  test("a column that an update leaves unchanged keeps what an earlier record told", () => {
    const records: Told[] = [
      { op: "c", after: row(1, "large") },
      { op: "u", after: { id: 1 }, unchanged: ["v"] },
    ];
    expect(compare(held([[1, "large"]], true, false), told(records, true, false), true).differing).toBe(0);
    expect(compare(held([[1, "other"]], true, false), told(records, true, false), true).differing).toBe(1);
    // Nobody has told it before: that is a difference, and not a guess.
    expect(compare(held([[1, "large"]], true, false), told(records.slice(1), true, false), true).differing).toBe(1);
  });
});

describe("without a key", () => {
  test("rows are counted", () => {
    const topic = told(
      [
        { op: "c", after: row(1, "a"), lsn: 1 },
        { op: "c", after: row(1, "a"), lsn: 2 },
        { op: "u", before: row(1, "a"), after: row(1, "b"), lsn: 3 },
        { op: "c", after: row(2, "c"), lsn: 4 },
        { op: "d", before: row(2, "c"), lsn: 5 },
      ],
      false,
    );
    expect(
      compare(
        held(
          [
            [1, "b"],
            [1, "a"],
          ],
          false,
        ),
        topic,
        false,
      ),
    ).toMatchObject({ differing: 0, rows: { topic: 2 } });
    expect(
      compare(
        held(
          [
            [1, "a"],
            [1, "a"],
          ],
          false,
        ),
        topic,
        false,
      ).differing,
    ).toBe(2);
  });

  test("what the connector has written again after a crash counts once, rows of one COPY with one position too", () => {
    const copied: Told[] = [
      { op: "c", after: row(1, "a"), lsn: 7 },
      { op: "c", after: row(1, "a"), lsn: 7 },
      { op: "c", after: row(2, "b"), lsn: 7 },
    ];
    const first: Told = { op: "c", after: row(0, "z"), lsn: 6 };
    const records = [first, ...copied, first, ...copied, { op: "c", after: row(3, "c"), lsn: 8 }];
    const database = held(
      [
        [0, "z"],
        [1, "a"],
        [1, "a"],
        [2, "b"],
        [3, "c"],
      ],
      false,
    );
    expect(compare(database, told(records, false), false).differing).toBe(0);
    // Broken off in the middle of the COPY, and then all of it.
    const cut = [first, ...copied.slice(0, 2), first, ...copied, { op: "c", after: row(3, "c"), lsn: 8 }];
    expect(compare(database, told(cut, false), false).differing).toBe(0);
  });
});

test("more rows than are held at once are compared in parts", () => {
  const [database, topic] = [file("many-held"), file("many-told")];
  for (let n = 0; n < 5_000; n++) {
    const key = Buffer.alloc(16);
    key.writeUInt32LE((n * 2654435761) >>> 0);
    key.writeUInt32LE(n, 4);
    const hashes = Buffer.alloc(8, n % 251);
    database.put({ kind: "set", key, hashes, offset: 0 });
    if (n !== 77) topic.put({ kind: "set", key, hashes, offset: n });
  }
  const { differing, rows, mismatches } = compare(database, topic, true, 1_000);
  expect([differing, rows, mismatches[0]!.kind]).toEqual([
    1,
    { database: 5_000, topic: 4_999 },
    "only in the database",
  ]);
});
