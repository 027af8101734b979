/** What may happen to a table or its topic: it is told apart from differences, or named as the reason. */
import { describe, expect, test } from "@jest/globals";
import { check, row, type Told } from "./rig";

const EQUAL = { ok: true, differing: 0, untold: 0, differences: [], reasons: [] };

describe("columns", () => {
  const columns = { id: "int4", v: "text", n: "int4" };
  const records: Told[] = [
    { op: "c", after: row(1, "a") },
    { op: "c", after: { id: 2, v: "b", n: 5 } },
  ];

  test("added without a default: NULL in the rows that were there", async () => {
    const rows = [
      ["1", "a", null],
      ["2", "b", "5"],
    ];
    const result = await check({ columns, rows, records });
    expect(result).toMatchObject(EQUAL);
    expect(result.hash.database).toBe(result.hash.topic);
  });

  test("added with a default, or renamed: what old records lack is named, with the SQL that has it written again", async () => {
    const rows = [
      ["1", "a", "7"],
      ["2", "b", "5"],
    ];
    expect(await check({ columns, rows, records })).toMatchObject({
      ...{ ok: false, differing: 0, untold: 1 },
      differences: [{ key: { id: "1" }, columns: { n: { database: "7", topic: "(not in this record)" } } }],
      reasons: [
        expect.stringMatching(
          /^Last written to the topic before the table had column n, or by that name: 1 row.*`UPDATE public.t SET n = n`/,
        ),
      ],
    });
    // Another value is still a difference.
    expect(await check({ columns, rows: [["1", "z", "7"], rows[1]!], records })).toMatchObject({
      differing: 1,
      untold: 0,
    });
  });

  test("dropped, and another added with its name: the old one's values are a difference until the row's next UPDATE", async () => {
    const records: Told[] = [{ op: "c", after: row(1, "of the one before") }];
    expect(await check({ rows: [["1", null]], records, alteredBy: [700] })).toMatchObject({
      ...{ differing: 1, untold: 0 },
      differences: [{ kind: "different", columns: { v: { database: null, topic: "of the one before" } } }],
    });
    records.push({ op: "u", before: row(1, null), after: row(1, "new") });
    expect(await check({ rows: [["1", "new"]], records, alteredBy: [700] })).toMatchObject(EQUAL);
  });

  test("dropped: what old records have of it does not count", async () => {
    const wider: Told = { op: "c", after: { id: 1, v: "a", gone: 3 } };
    expect(await check({ rows: [["1", "a"]], records: [wider] })).toMatchObject(EQUAL);
  });

  test("of another type: rows that ALTER TABLE rewrote are told apart from lost rows", async () => {
    const given = {
      columns: { id: "int4", v: "numeric" },
      records: [{ op: "c", after: row(1, "1.50") }],
      alteredBy: [700],
    };
    const rows = [["1", "1.5000"]];
    expect(await check({ ...given, rows, writers: [700] })).toMatchObject({
      ...{ ok: false, differing: 0, untold: 1 },
      reasons: [expect.stringMatching(/^ALTER TABLE wrote 1 row anew/)],
    });
    expect(await check({ ...given, rows, writers: [701] })).toMatchObject({
      ...{ differing: 1, untold: 0 },
      reasons: [
        "To have the table read again, run ALTER PUBLICATION dbz_publication DROP TABLE public.t, then `npm start`.",
      ],
    });
  });

  test("of another type that prints the same: the result shows which is a number and which a text", async () => {
    const records: Told[] = [{ op: "c", after: { id: 1, v: 729937 } }];
    const given = { columns: { id: "int4", v: "numeric" }, rows: [["1", "729937"]], records };
    expect(await check({ ...given, alteredBy: [700], writers: [700] })).toMatchObject({
      untold: 1,
      differences: [{ columns: { v: { database: "729937 (a text)", topic: "729937 (a number)" } } }],
    });
  });

  test("added to a table without a key: rows cannot be followed across it", async () => {
    const keyless = records.map((told) => ({ ...told, key: null }));
    const rows = [
      ["1", "a", "7"],
      ["2", "b", "5"],
    ];
    expect(await check({ columns, rows, records: keyless })).toMatchObject({
      ...{ ok: false, differing: 0, untold: 2 },
      reasons: [
        expect.stringMatching(/^Rows without a key are recognised by all their values, and some records lack column n/),
      ],
    });
    expect(await check({ columns, rows: [["1", "a", null], rows[1]!], records: keyless })).toMatchObject(EQUAL);
  });
});

describe("records that are gone", () => {
  const records: Told[] = [
    { op: "c", after: row(2, "b") },
    { op: "c", after: row(3, "c") },
  ];

  test("rows that missing records may have had are unknown; other rows still differ where they do", async () => {
    const rows = [
      ["1", "a"],
      ["2", "b"],
      ["3", "c"],
    ];
    const result = await check({ rows, records, gone: 1 });
    expect(result).toMatchObject({
      ok: false,
      differing: 0,
      untold: 1,
      differences: [{ key: { id: "1" }, certain: false }],
    });
    expect(result.reasons).toEqual([
      "The first 1 records of s.public.t no longer exist (retention, or deleted); 1 row may have been in them. " +
        "To have the table read again, run ALTER PUBLICATION dbz_publication DROP TABLE public.t, then `npm start`.",
    ]);
    rows[2]![1] = "altered";
    expect(await check({ rows, records, gone: 1 })).toMatchObject({ differing: 1, untold: 1 });
  });

  test("a TRUNCATE since then makes the topic whole again", async () => {
    const emptied: Told[] = [{ op: "t" }, ...records];
    expect(await check({ rows: [["1", "lost"]], records: emptied, gone: 5 })).toMatchObject({
      differing: 3,
      untold: 0,
    });
  });

  test("of a table without a key: missing rows are unknown, further rows are a difference", async () => {
    const keyless = records.map((told) => ({ ...told, key: null }));
    const rows = [
      ["1", "a"],
      ["2", "b"],
    ];
    expect(await check({ rows, records: keyless, gone: 1 })).toMatchObject({ differing: 1, untold: 1 });
  });

  test("snapshotMode no_data: rows from before the capture", async () => {
    expect(await check({ rows: [["1", "a"]], records: [], config: { "snapshot.mode": "no_data" } })).toMatchObject({
      ...{ ok: false, differing: 0, untold: 1 },
      reasons: [
        expect.stringMatching(
          /^With snapshotMode no_data no record has rows from before the capture; 1 row may be such/,
        ),
      ],
    });
  });
});

describe("the table or its topic", () => {
  test("dropped and made again: the old table's rows in the topic are named as such", async () => {
    const records: Told[] = [
      { op: "c", after: row(1, "old"), txId: 20 },
      { op: "r", after: row(2, "new"), txId: 80 },
    ];
    expect(await check({ rows: [["2", "new"]], records, madeBy: 70 })).toMatchObject({
      ...{ differing: 1, differences: [{ kind: "only in the topic", key: { id: "1" } }] },
      reasons: [
        expect.stringMatching(
          /^Records up to offset 0 are of an earlier table of that name: DROP TABLE is not logged, so the topic still has 1 row of it/,
        ),
      ],
    });
  });

  test("a catalogue that pg_upgrade wrote anew, after the rows: no record is of an earlier table", async () => {
    const records: Told[] = [
      { op: "c", after: row(1, "lost delete"), txId: 20 },
      { op: "c", after: row(2, "b"), txId: 30 },
    ];
    expect(await check({ rows: [["2", "b"]], writers: [30], records, madeBy: 900 })).toMatchObject({
      ...{ differing: 1, differences: [{ kind: "only in the topic", key: { id: "1" } }] },
      reasons: [expect.stringMatching(/^To have the table read again/)],
    });
  });

  test("an older copy of the database in its place: what the topic had before, the copy's log has not come to, and it counts", async () => {
    const records: Told[] = [
      { op: "c", after: row(1, "a") },
      { op: "c", after: row(2, "of the one before"), lsn: 2_000_000, txId: 1500 },
      { op: "c", after: row(3, "after the copy"), lsn: 500, txId: 600 },
      { op: "c", after: row(4, "while it is compared"), lsn: 1_000_001, txId: 1001 },
    ];
    const rows = [
      ["1", "a"],
      ["3", "after the copy"],
    ];
    expect(await check({ rows, records, before: 3 })).toMatchObject({
      ...{ ok: false, differing: 1, differences: [{ kind: "only in the topic", key: { id: "2" }, offset: 1 }] },
      reasons: [
        expect.stringMatching(
          /^Records up to offset 1 have positions that the database's log has not come to: an older copy of the database is in its place.*then `npm start`\.$/,
        ),
      ],
    });
    expect(await check({ rows, records: [records[0]!, ...records.slice(2)], before: 1 })).toMatchObject(EQUAL);
  });

  test("a topic that a transform unwraps, and one with several partitions where order counts, stop no other table", async () => {
    const rows = [["1", "a"]];
    const unwrapped = await check({ rows, records: [{ op: 5 as unknown as string, after: row(1, "a") }] });
    expect(unwrapped).toMatchObject({
      ...{ ok: false, rows: { database: null } },
      reasons: [expect.stringMatching(/^The topic of public.t holds no change envelopes.*\(offset 0\)$/)],
    });
    const records: Told[] = [{ op: "c", after: row(1, "a") }];
    expect(await check({ rows, records, partitions: 3 })).toMatchObject(EQUAL);
    expect(await check({ rows, records: [{ op: "t" }, ...records], partitions: 3 })).toMatchObject({
      reasons: [
        expect.stringMatching(/^The topic has 3 partitions, which have no order among them, and TRUNCATE at offset 0/),
      ],
    });
  });

  test("what the capture's notes tell of the table is the reason, and its way out the advice", async () => {
    const unread = { table: "public.t", what: "unread", was: null, now: null } as const;
    const given = { rows: [["1", "a"]], records: [] as Told[] };
    expect(await check({ ...given, told: [unread] })).toMatchObject({
      differing: 1,
      reasons: [
        "Existing rows of public.t are still to be read: its topic lacks them, or has those of before: the `npm start` that is under way reads them, else the next one does.",
      ],
    });
    const detached = { ...unread, what: "detached", now: "public.t_1" } as const;
    expect((await check({ ...given, told: [detached, { ...unread, what: "thinned" }] })).reasons).toEqual([
      "Partition public.t_1 was detached from public.t, or dropped: the rows that it had stay in the topic: `npm start` reads the table's rows again.",
    ]);
  });

  test("settings by which records tell less are named where something differs", async () => {
    const config = { "skipped.operations": "d", "column.mask.with.5.chars": "public.t.v" };
    const result = await check({ rows: [], records: [{ op: "c", after: row(1, "a") }], config });
    expect(result.reasons).toEqual([
      "The connector's config has column.mask.with.5.chars, skipped.operations, by which records may have less than the table, or other values.",
    ]);
  });
});
