import { expect, test } from "@jest/globals";
import { UsageError } from "../../../commands/terminal/usage";
import { parseOptions } from "../../../commands/verify/verify-options";
import { resultLines, type TableResult } from "../../../commands/verify/result";
import { plain } from "../../../commands/terminal/paint";

test("all tables and a minute by default; names as psql has them", () => {
  expect(parseOptions([])).toEqual({ tables: [], timeoutMs: 60_000, stack: undefined, json: false });
  const given = parseOptions([
    "--table",
    'public."Order Details",public.a',
    "--timeout",
    "5m",
    "--json",
    "--stack",
    "two",
  ]);
  expect(given).toEqual({ tables: ["public.Order Details", "public.a"], timeoutMs: 300_000, stack: "two", json: true });
  expect(parseOptions(["-h"])).toBeUndefined();
});

test.each([
  [["--table", ""], '--table is ""; allowed is schema.table'],
  [["--timeout", "5"], '--timeout is "5"; allowed is 1s to 1h'],
  [["--timeout", "2h"], '--timeout is "2h"'],
  [["--tabel", "a.b"], "allowed are --table"],
])("%j is refused in a sentence", (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(sentence);
});

test("a table that differs is shown with its first keys and what each side has", () => {
  const equal: TableResult = {
    ...{ table: "public.a", topic: "s.public.a", ok: true, rows: { database: 2, topic: 2 }, differing: 0, untold: 0 },
    ...{ hash: { database: "1f", topic: "1f" }, differences: [], reasons: [] },
  };
  const other: TableResult = {
    ...{ ...equal, table: "public.long", ok: false, rows: { database: 2, topic: 1 }, differing: 1, untold: 1 },
    differences: [
      {
        kind: "different",
        certain: true,
        key: { id: "7" },
        partition: null,
        offset: 12,
        columns: { v: { database: null, topic: "x" } },
      },
      { kind: "only in the database", certain: false, key: { id: "8" }, partition: null, offset: null, columns: {} },
    ],
    reasons: ["The first 3 records are there no more."],
  };
  expect(resultLines([equal, other], plain)).toEqual([
    "public.a     2 rows                  1f  OK",
    "public.long  2 rows, 1 in the topic  1f  1 differs, 1 cannot be told",
    "  The first 3 records are there no more.",
    "  id 7: different, offset 12",
    "    v: database NULL, topic x",
    "  id 8: only in the database (cannot be told)",
  ]);
});
