/** What may happen to a table's key: rows are found by the new key, or the result says why they are not. */
import { describe, expect, test } from "@jest/globals";
import { check, row, type Told } from "./rig";

const EQUAL = { ok: true, differing: 0, untold: 0, differences: [], reasons: [] };
const REREAD = "run ALTER PUBLICATION dbz_publication DROP TABLE public.t, then `npm start`";

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

  test("widened: rows that were written with the old key are found by the new one", async () => {
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
    // A real difference is still reported.
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

  test("removed, and the table read again: its rows count as often as they were written", async () => {
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

  test("made of a column that old records lack: rows cannot be followed, and the result says how to have them written again", async () => {
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

  test("of another type since: the two kinds of keys are told apart", async () => {
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
