/** What may have happened to a table or its topic meanwhile: told apart, or said by name. */
import { describe, expect, test } from "@jest/globals";
import { check, row, type Told } from "./rig";

const EQUAL = { ok: true, differing: 0, untold: 0, differences: [], reasons: [] };
const REREAD = "take it out of `tables`, `npm start`, put it in again, `npm start`";

describe("the key", () => {
  const columns = { tenant: "int4", id: "int4", v: "text" };
  const both = (tenant: number, id: number, v: string) => ({ tenant, id, v });
  const wide = (told: Told): Told => {
    const { tenant, id } = (told.after ?? told.before) as { tenant: number; id: number };
    return { ...told, key: { tenant, id } };
  };
  const old: Told[] = [
    { op: "c", after: both(1, 1, "a") },
    { op: "c", after: both(1, 2, "b") },
    { op: "u", before: both(1, 2, "b"), after: both(1, 2, "c") },
  ];

  test("widened: rows told by the old one are found by the new one", async () => {
    const records = [
      ...old,
      wide({ op: "c", after: both(2, 1, "other") }),
      wide({ op: "d", before: both(1, 2, "c") }),
      wide({ op: "u", before: both(1, 1, "a"), after: both(1, 1, "z") }),
    ];
    const rows = [
      ["1", "1", "z"],
      ["2", "1", "other"],
    ];
    expect(await check({ columns, rows, records })).toMatchObject({ ...EQUAL, rows: { database: 2, topic: 2 } });
    // A real difference is still one.
    expect(await check({ columns, rows: rows.slice(0, 1), records })).toMatchObject({
      ...{ differing: 1, untold: 0 },
      differences: [{ kind: "only in the topic", key: { tenant: "2", id: "1" } }],
    });
  });

  test("changed, and the connector goes back to records of the old one", async () => {
    const records = [
      ...old,
      wide({ op: "d", before: both(1, 2, "c") }),
      ...old,
      wide({ op: "d", before: both(1, 2, "c") }),
    ];
    expect(await check({ columns, rows: [["1", "1", "a"]], records })).toMatchObject(EQUAL);
  });

  test("taken away, and the table read again: its rows are there as often as they were told", async () => {
    const records: Told[] = [
      { op: "c", after: row(1, "a") },
      { op: "r", after: row(1, "a"), key: null },
    ];
    expect(await check({ rows: [["1", "a"]], records })).toMatchObject({
      differing: 1,
      rows: { database: 1, topic: 2 },
    });
  });

  test("given to a table without one, and taken away: equal rows are counted before and after", async () => {
    const twice: Told[] = [
      { op: "c", after: row(1, "a"), key: null, lsn: 1 },
      { op: "c", after: row(1, "a"), key: null, lsn: 2 },
      { op: "d", before: row(1, "a"), key: null, lsn: 3 },
    ];
    const keyed: Told[] = [
      { op: "c", after: row(2, "b") },
      { op: "u", before: row(1, "a"), after: row(1, "c") },
    ];
    const rows = [
      ["1", "c"],
      ["2", "b"],
    ];
    expect(await check({ rows, records: [...twice, ...keyed] })).toMatchObject(EQUAL);
    const again: Told = { op: "c", after: row(2, "b"), key: null, lsn: 9 };
    expect(await check({ rows: [...rows, ["2", "b"]], records: [...twice, ...keyed, again] })).toMatchObject(EQUAL);
  });

  test("made of a column that old records do not know: rows cannot be told, and it is said how to have them told", async () => {
    const records = [{ op: "c", after: { id: 1, v: "a" } }, wide({ op: "c", after: both(7, 2, "b") })];
    const rows = [
      ["7", "1", "a"],
      ["7", "2", "b"],
    ];
    expect(await check({ columns, rows, records })).toMatchObject({
      ...{ ok: false, differing: 0, untold: 1 },
      differences: [{ kind: "only in the database", certain: false, key: { tenant: "7", id: "1" } }],
      reasons: [
        expect.stringMatching(
          /^The key of the table was \(id\) and is \(id, tenant\), of which the last records of 1 row do not/,
        ),
      ],
    });
  });

  test("of another type since: the kinds of keys are told apart", async () => {
    const text = { id: "text", v: "text" };
    const records: Told[] = [{ op: "c", after: row(1, "a") }];
    expect(await check({ columns: text, rows: [["1", "a"]], records })).toMatchObject({
      ...{ ok: false, differing: 0, rows: { database: null, topic: null } },
      reasons: [
        expect.stringMatching(/^Its records have a number as key id, and the column has values of another kind/),
      ],
    });
    const later: Told = { op: "c", after: { id: "2", v: "b" } };
    const rows = [
      ["1", "a"],
      ["2", "b"],
    ];
    expect(await check({ columns: text, rows, records: [...records, later] })).toMatchObject({
      ...{ differing: 0, untold: 1, differences: [{ key: { id: "1" }, certain: false }] },
    });
  });

  test.each<[type: string, keys: [text: string | null, told: unknown][]]>([
    [
      "float8",
      [
        ["0.5", 0.5],
        ["NaN", "NaN"],
        ["-Infinity", "-Infinity"],
      ],
    ],
    [
      "int4[]",
      [
        ["{1,2}", [1, 2]],
        ["[0:1]={1,2}", "[0:1]={1,2}"],
      ],
    ],
    [
      "int4",
      [
        ["1", 1],
        [null, null],
      ],
    ],
  ])("of %s, some in another form of JSON: compared", async (type, keys) => {
    const records = keys.map(([, id]): Told => ({ op: "c", after: { id, v: "a" } }));
    const rows = keys.map(([id]) => [id, "a"]);
    expect(await check({ columns: { id: type, v: "text" }, rows, records })).toMatchObject(EQUAL);
  });

  test("renamed, and no record since: said, with the way out", async () => {
    const result = await check({
      columns: { ident: "int4", v: "text" },
      rows: [["1", "a"]],
      records: [{ op: "c", after: row(1, "a") }],
    });
    expect(result).toMatchObject({ ok: false, differing: 0, differences: [] });
    expect(result.reasons[0]).toMatch(
      /^Its records have the key \(id\), and the table has no column id any more: .* no record was written since/,
    );
    expect(result.reasons[0]).toContain(REREAD);
  });
});

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

  test("added with a default, or renamed: what old records do not know is named, with the SQL that has it told", async () => {
    const rows = [
      ["1", "a", "7"],
      ["2", "b", "5"],
    ];
    expect(await check({ columns, rows, records })).toMatchObject({
      ...{ ok: false, differing: 0, untold: 1 },
      differences: [{ key: { id: "1" }, columns: { n: { database: "7", topic: "(not in this record)" } } }],
      reasons: [
        expect.stringMatching(
          /^Told last before the table had column n, or by that name: 1 row.*`UPDATE public.t SET n = n`/,
        ),
      ],
    });
    // A value that is another one is a difference all the same.
    expect(await check({ columns, rows: [["1", "z", "7"], rows[1]!], records })).toMatchObject({
      differing: 1,
      untold: 0,
    });
  });

  test("dropped, and another added under its name: what the one before held is a difference until the row's next UPDATE", async () => {
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

  test("of another type: rows that ALTER TABLE wrote are told from those that were lost", async () => {
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
    expect(await check({ ...given, rows, writers: [701] })).toMatchObject({ differing: 1, untold: 0, reasons: [] });
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
        expect.stringMatching(
          /^Rows without a key are known again by all that they hold, and some records do not know column n/,
        ),
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

  test("rows that they may have told cannot be told; what is left still differs where it does", async () => {
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
      "The first 1 records of s.public.t are there no more (retention, or deleted); 1 row may have been told by them. " +
        "To have the table read again, take it out of `tables`, `npm start`, put it in again, `npm start`.",
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

  test("of a table without a key: fewer rows cannot be told, more of them are a difference", async () => {
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
          /^With snapshotMode no_data no record tells rows from before the capture; 1 row may be such/,
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
          /^Records up to offset 0 are of an earlier table of that name: DROP TABLE is not logged, so the topic still tells 1 row of it/,
        ),
      ],
    });
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

  test("settings by which records tell less are named where something differs", async () => {
    const config = { "skipped.operations": "d", "column.mask.with.5.chars": "public.t.v" };
    const result = await check({ rows: [], records: [{ op: "c", after: row(1, "a") }], config });
    expect(result.reasons).toEqual([
      "The connector's config has column.mask.with.5.chars, skipped.operations, by which records may tell less than the table holds, or other values.",
    ]);
  });
});
