/** A topic of several partitions, read side by side: a key's records are in two of them since there are more than before. */
import { describe, expect, test } from "@jest/globals";
import { resultLines } from "../../../commands/verify/result";
import { check, row, type Told } from "./rig";

const EQUAL = { ok: true, differing: 0, untold: 0, differences: [], reasons: [] };
const partitions = 3;

/** The records in the order in which they were written; `up` gave the topic more partitions before those of partition 2. */
const older: Told[] = [
  { op: "c", after: row(1, "a"), commit: 10, event: 1, partition: 0 },
  { op: "c", after: row(2, "b"), commit: 20, event: 1, partition: 0 },
];
const newer: Told[] = [
  { op: "u", before: row(1, "a"), after: row(1, "z"), commit: 30, event: 1, partition: 2, offset: 0 },
  { op: "d", before: row(2, "b"), commit: 40, event: 1, partition: 2, offset: 1 },
];

describe("after `partitions` has grown", () => {
  const rows = [["1", "z"]];

  test("the change that was committed last is the row's, in whatever order the partitions are read", async () => {
    for (const records of [
      [...older, ...newer],
      [...newer, ...older],
    ])
      expect(await check({ rows, records, partitions })).toMatchObject(EQUAL);
  });

  test("by the number of the event within one transaction, and by the position where records have no commit's", async () => {
    const oneCommit = (records: Told[]): Told[] => records.map((told, at) => ({ ...told, commit: 50, event: at + 1 }));
    const [first, then] = [oneCommit([...older, ...newer]).slice(0, 2), oneCommit([...older, ...newer]).slice(2)];
    expect(await check({ rows, records: [...then, ...first], partitions })).toMatchObject(EQUAL);
    const published = ({ commit, event: _event, ...told }: Told): Told => ({ ...told, lsn: commit });
    const records = [...newer, ...older].map(published);
    expect(await check({ rows, records, partitions })).toMatchObject(EQUAL);
  });

  test("columns that the newer record leaves out come from the older one, though that is read later", async () => {
    const update: Told = { op: "u", after: { id: 1 }, unchanged: ["v"], commit: 30, event: 1, partition: 2, offset: 0 };
    const records = [update, newer[1]!, ...older];
    expect(await check({ rows: [["1", "a"]], records, partitions })).toMatchObject(EQUAL);
  });

  test("what a connector writes again after a crash stays behind what came before it in its partition", async () => {
    const again = [...older.slice(0, 1), { ...older[0]!, op: "u", after: row(1, "y"), commit: 15 }, ...older];
    const last: Told = { op: "u", after: row(1, "y"), commit: 15, event: 1, partition: 0 };
    const rows = [
      ["1", "y"],
      ["2", "b"],
    ];
    expect(await check({ rows, records: [...again, last], partitions })).toMatchObject(EQUAL);
  });

  test("records without any position cannot be put in order, and that is said", async () => {
    const records = [...newer, ...older].map((told) => ({ ...told, lsn: null, commit: undefined }) as unknown as Told);
    expect(await check({ rows, records, partitions })).toMatchObject({
      ok: false,
      reasons: [expect.stringContaining("a record without a position at offset 0 of partition 2")],
    });
  });
});

test("a difference shows the record of its own partition, and names that", async () => {
  const at = (id: number, v: string, partition: number): Told => ({ op: "c", after: row(id, v), partition, offset: 0 });
  const records = [at(1, "first", 0), at(2, "second", 1), at(3, "third", 2)];
  const result = await check({ rows: [["1", "other"]], records, partitions });
  expect([...result.differences].sort((one, other) => one.partition! - other.partition!)).toEqual([
    {
      ...{ kind: "different", certain: true, key: { id: "1" }, partition: 0, offset: 0 },
      columns: { v: { database: "other", topic: "first" } },
    },
    { kind: "only in the topic", certain: true, key: { id: "2" }, partition: 1, offset: 0, columns: {} },
    { kind: "only in the topic", certain: true, key: { id: "3" }, partition: 2, offset: 0, columns: {} },
  ]);
  expect(resultLines([result], (_style, text) => text).join("\n")).toContain(
    "id 2: only in the topic, partition 1, offset 0",
  );
});

test("rows of an earlier table of that name are counted by each partition's own offsets", async () => {
  const records: Told[] = [
    { op: "c", after: row(1, "old"), txId: 100, partition: 0, offset: 5 },
    { op: "c", after: row(2, "new"), partition: 1, offset: 0 },
  ];
  expect(await check({ rows: [], records, partitions, madeBy: 200 })).toMatchObject({
    differing: 2,
    reasons: [expect.stringMatching(/^Records up to offset 5 of partition 0 are of an earlier table.*still has 1 row/)],
  });
});
