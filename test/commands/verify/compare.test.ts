import { describe, expect, test } from "@jest/globals";
import { check, row, type Told } from "./rig";

const EQUAL = { ok: true, differing: 0, untold: 0, differences: [], reasons: [] };

describe("with a key", () => {
  const records: Told[] = [
    { op: "r", after: row(1, "a") },
    { op: "c", after: row(2, "b") },
    { op: "u", before: row(1, "a"), after: row(1, null) },
    { op: "c", after: row(3, "c") },
    { op: "d", before: row(3, "c") },
  ];

  test("the last record of each key is its row; order does not matter for the hash", async () => {
    const rows = [
      ["2", "b"],
      ["1", null],
    ];
    const result = await check({ rows, records });
    expect(result).toMatchObject({ ...EQUAL, rows: { database: 2, topic: 2 } });
    expect(result.hash.database).toBe(result.hash.topic);
    expect((await check({ rows: rows.reverse(), records })).hash).toEqual(result.hash);
  });

  test("a lost, an invented and an altered row are told apart, with key, first difference and offset", async () => {
    const result = await check({
      rows: [
        ["1", "a"],
        ["2", "b"],
        ["3", "c"],
      ],
      records: [
        { op: "c", after: row(1, "a") },
        { op: "c", after: row(2, "other") },
        { op: "c", after: row(4, "d") },
      ],
    });
    expect(result).toMatchObject({
      ...{ ok: false, differing: 3, untold: 0 },
      reasons: [
        "To have the table read again, run ALTER PUBLICATION dbz_publication DROP TABLE public.t, then `npm start`.",
      ],
    });
    const byKey = [...result.differences].sort((a, b) => Number(a.key["id"]) - Number(b.key["id"]));
    expect(byKey).toEqual([
      {
        ...{ kind: "different", certain: true, key: { id: "2" }, partition: null, offset: 1 },
        columns: { v: { database: "b", topic: "other" } },
      },
      { kind: "only in the database", certain: true, key: { id: "3" }, partition: null, offset: null, columns: {} },
      { kind: "only in the topic", certain: true, key: { id: "4" }, partition: null, offset: 2, columns: {} },
    ]);
    expect(result.hash.database).not.toBe(result.hash.topic);
  });

  test("TRUNCATE takes all before it, and what the snapshot did not see yet does not count", async () => {
    const told: Told[] = [
      { op: "c", after: row(1, "a") },
      { op: "t" },
      { op: "c", after: row(2, "b") },
      { op: "c", after: row(3, "later"), lsn: 2_000_000 },
      { op: "u", after: row(2, "later"), txId: 1_000 },
    ];
    expect(await check({ rows: [["2", "b"]], records: told })).toMatchObject(EQUAL);
    expect(await check({ rows: [], records: told.slice(0, 2) })).toMatchObject(EQUAL);
  });

  test("many rows go into parts, and one that is missing is found", async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => n);
    const result = await check({
      rows: many.map((n) => [String(n), `v${n}`]),
      records: many.filter((n) => n !== 77).map((n) => ({ op: "c", after: row(n, `v${n}`) })),
    });
    expect(result).toMatchObject({ differing: 1, rows: { database: 5_000, topic: 4_999 } });
    expect(result.differences).toMatchObject([{ kind: "only in the database", key: { id: "77" } }]);
  });

  test("a topic that is compacted: the last of each key, and tombstones", async () => {
    expect(
      await check({ rows: [["1", "b"]], records: [null, { op: "u", before: row(1, "a"), after: row(1, "b") }, null] }),
    ).toMatchObject(EQUAL);
  });

  test("a row that the database has twice, where the topic takes the key for unique, is no success", async () => {
    const twice = [
      ["1", "a"],
      ["1", "a"],
    ];
    const result = await check({ rows: twice, records: [{ op: "c", after: row(1, "a") }] });
    expect(result).toMatchObject({ ok: false, differing: 1, rows: { database: 2, topic: 1 } });
  });
});

describe("columns that a record leaves unchanged (REPLICA IDENTITY other than FULL)", () => {
  const records: Told[] = [
    { op: "c", after: row(1, "large") },
    { op: "u", after: { id: 1 }, unchanged: ["v"] },
  ];

  test("keep the value of an earlier record, even if the identity was DEFAULT only for some time", async () => {
    expect(await check({ rows: [["1", "large"]], records })).toMatchObject(EQUAL);
    const full: Told = { op: "u", before: row(1, "large"), after: row(1, "new") };
    expect(await check({ rows: [["1", "new"]], records: [...records, full] })).toMatchObject(EQUAL);
    expect(await check({ rows: [["1", "other"]], records })).toMatchObject({
      differing: 1,
      differences: [{ columns: { v: { database: "other", topic: "(left as it was by this record)" } } }],
    });
  });

  test("go on under another key: a delete and a create by one update, more than once, and across a change of the key's columns", async () => {
    const moved = (from: number, to: number, lsn: number): (Told | null)[] => [
      { op: "d", before: { id: from }, lsn },
      null,
      { op: "c", after: { id: to }, unchanged: ["v"], lsn },
    ];
    const chain = [records[0]!, ...moved(1, 2, 10), ...moved(2, 3, 11), ...moved(3, 4, 12)];
    expect(await check({ rows: [["4", "large"]], records: chain })).toMatchObject(EQUAL);
    expect(await check({ rows: [["4", "other"]], records: chain })).toMatchObject({ differing: 1 });
    // A row that is inserted where another was just deleted has nothing to do with that one.
    const apart: Told = { op: "c", after: { id: 9 }, unchanged: ["v"], lsn: 11 };
    const unrelated = [records[0]!, { op: "d", before: { id: 1 }, lsn: 10 }, apart];
    expect(await check({ rows: [["9", "large"]], records: unrelated })).toMatchObject({ differing: 1 });
    const rows = [
      ["4", "large"],
      ["5", "x"],
    ];
    const wider: Told = { op: "c", after: { id: 5, v: "x" }, key: { id: 5, v: "x" } };
    expect(await check({ rows, records: [...chain, wider] })).toMatchObject(EQUAL);
  });

  test("that no record has are a difference, and not a guess, unless the records with them are gone", async () => {
    const [, update] = records;
    expect(await check({ rows: [["1", "large"]], records: [update!] })).toMatchObject({ differing: 1, untold: 0 });
    expect(await check({ rows: [["1", "large"]], records: [update!], gone: 1 })).toMatchObject({
      ...{ ok: false, differing: 0, untold: 1 },
      differences: [{ certain: false, kind: "different" }],
      reasons: [expect.stringContaining("The first 1 records of s.public.t no longer exist")],
    });
  });
});

describe("without a key", () => {
  const keyless = (told: Told): Told => ({ ...told, key: null });

  test("rows are counted", async () => {
    const records = [
      { op: "c", after: row(1, "a") },
      { op: "c", after: row(1, "a") },
      { op: "u", before: row(1, "a"), after: row(1, "b") },
      { op: "c", after: row(2, "c") },
      { op: "d", before: row(2, "c") },
    ].map(keyless);
    const equal = [
      ["1", "b"],
      ["1", "a"],
    ];
    expect(await check({ rows: equal, records })).toMatchObject({ ...EQUAL, rows: { topic: 2 } });
    const other = [
      ["1", "a"],
      ["1", "a"],
    ];
    expect(await check({ rows: other, records })).toMatchObject({ differing: 2, untold: 0 });
  });

  test("what the connector has written again after a crash counts once, rows of one COPY with one position too", async () => {
    const copied: Told[] = [
      { op: "c", after: row(1, "a"), lsn: 7 },
      { op: "c", after: row(1, "a"), lsn: 7 },
      { op: "c", after: row(2, "b"), lsn: 7 },
    ];
    const first: Told = { op: "c", after: row(0, "z"), lsn: 6 };
    const last: Told = { op: "c", after: row(3, "c"), lsn: 8 };
    const rows = [
      ["0", "z"],
      ["1", "a"],
      ["1", "a"],
      ["2", "b"],
      ["3", "c"],
    ];
    const whole = [first, ...copied, first, ...copied, last].map(keyless);
    expect(await check({ rows, records: whole })).toMatchObject(EQUAL);
    // The connector stopped in the middle of the COPY, and wrote all of it again.
    const cut = [first, ...copied.slice(0, 2), first, ...copied, last].map(keyless);
    expect(await check({ rows, records: cut })).toMatchObject(EQUAL);
    // A TRUNCATE that comes again removes no rows.
    const emptied = [first, { op: "t", lsn: 7 }, { ...last }, first, { op: "t", lsn: 7 }, { ...last }].map(keyless);
    expect(await check({ rows: [["3", "c"]], records: emptied })).toMatchObject(EQUAL);
  });

  // Postgres tells transactions in the order of their commits: the first to write may be the last to commit.
  test.each<[string, (told: Told, commit: number, event: number) => Told]>([
    ["this project's image", (told, commit, event) => ({ ...told, commit, event })],
    ["any Debezium", (told, commit) => ({ ...told, lastCommit: commit - 10 })],
  ])("of transactions that overlap, none is taken for a repeat; records of %s", async (_whose, at) => {
    const late = at({ op: "c", after: row(1, "a"), lsn: 100 }, 400, 0);
    const early = [200, 210].map((lsn, event) => at({ op: "c", after: row(2, String(lsn)), lsn }, 300, event));
    const last = at({ op: "c", after: row(3, "c"), lsn: 500 }, 510, 0);
    const rows = [
      ["1", "a"],
      ["2", "200"],
      ["2", "210"],
      ["3", "c"],
    ];
    expect(await check({ rows, records: [...early, late, last].map(keyless) })).toMatchObject(EQUAL);
    expect(await check({ rows, records: [...early, late, ...early, late, last].map(keyless) })).toMatchObject(EQUAL);
  });

  test("a record that has its own position alone comes after those with a commit", async () => {
    const told: Told = { op: "c", after: row(1, "a"), lsn: 100, commit: 110, event: 0 };
    const bare: Told = { op: "c", after: row(2, "b"), lsn: 120 };
    const rows = [
      ["1", "a"],
      ["2", "b"],
    ];
    expect(await check({ rows, records: [told, bare].map(keyless) })).toMatchObject(EQUAL);
  });

  test("a database that was restored begins further back in its log, behind the TRUNCATE of an up", async () => {
    const before: Told = { op: "c", after: row(1, "a"), lsn: 900, commit: 910, event: 0 };
    const emptied: Told = { op: "t", txId: null, lsn: 50, commit: 50, event: 0 };
    const after: Told = { op: "c", after: row(2, "b"), lsn: 60, commit: 70, event: 0 };
    expect(await check({ rows: [["2", "b"]], records: [before, emptied, after].map(keyless) })).toMatchObject(EQUAL);
  });
});
