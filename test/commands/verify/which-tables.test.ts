import { describe, expect, test } from "@jest/globals";
import { resultLines } from "../../../commands/verify/result";
import type { TableShape } from "../../../commands/verify/compared-table";
import { whichTables } from "../../../commands/verify/which-tables";
import { UsageError } from "../../../commands/terminal/usage";
import { includeList } from "../../../components/connector/config/postgres-source";

const shape = (name: string): TableShape => ({
  ...{ name, sql: name, columns: [] },
  ...{ madeBy: 1, alteredBy: new Set(), estimate: 0 },
});
const config = (...tables: string[]) => ({
  "publication.name": "pub",
  "topic.prefix": "cdc",
  "signal.data.collection": "cdc.signal",
  "table.include.list": tables.length === 0 ? "" : includeList(tables),
});
const names = (shapes: TableShape[]) => shapes.map(({ name }) => name);

describe("which tables are compared", () => {
  test("what the publication sends, the signal table left out", () => {
    const { compared, unsent } = whichTables(
      [shape("cdc.signal"), shape("public.a"), shape("public.b")],
      config("public.a", "public.b", "cdc.signal"),
      [],
    );
    expect(names(compared)).toEqual(["public.a", "public.b"]);
    expect(unsent).toEqual([]);
  });

  test("one that the connector names and the publication does not send is not equal, and is named", () => {
    const { compared, unsent } = whichTables([shape("public.a")], config("public.a", "public.Gone Away"), []);
    expect(names(compared)).toEqual(["public.a"]);
    expect(unsent).toMatchObject([
      { table: "public.Gone Away", ok: false, rows: { database: null, topic: null }, differing: 0 },
    ]);
    const [line, reason] = resultLines(unsent, (_style, text) => text);
    expect(line).toMatch(/^public\.Gone Away +cannot be compared$/);
    expect(reason).toBe(
      "  Publication pub does not send it, or there is no such table: nothing of it reaches the topic. " +
        "`npm start` puts it back; `npm run doctor` says more.",
    );
  });

  test.each([
    "public.weird table!",
    "public.Größe",
    "public.cash$",
    "public.a.b",
    "public.a,b",
    'public.say "hi" now',
    "public.a(b)|c\\d",
  ])("%s is known again in the connector's pattern", (name) => {
    expect(whichTables([shape(name)], config(name), [])).toMatchObject({ compared: [{ name }], unsent: [] });
  });

  test("one of which row level security hides rows is not compared: all of the others would count as only in the topic", () => {
    const sent = [shape("public.a"), { ...shape("public.b"), hidden: true }];
    const { compared, unsent } = whichTables(sent, { ...config("public.a"), "database.user": "cdc" }, []);
    expect(names(compared)).toEqual(["public.a"]);
    expect(unsent).toMatchObject([{ table: "public.b", ok: false, differing: 0 }]);
    expect(unsent[0]!.reasons[0]).toContain('ALTER ROLE "cdc" BYPASSRLS');
    expect(whichTables(sent, config("public.a"), ["public.a"]).unsent).toEqual([]);
  });

  test("only those asked for, also one that is not sent", () => {
    const all = config("public.a", "public.b", "public.gone");
    const sent = [shape("public.a"), shape("public.b")];
    expect(names(whichTables(sent, all, ["public.b"]).compared)).toEqual(["public.b"]);
    expect(whichTables(sent, all, ["public.b"]).unsent).toEqual([]);
    expect(whichTables(sent, all, ["public.gone"])).toMatchObject({ compared: [], unsent: [{ table: "public.gone" }] });
  });

  test("another table is a wrong argument, and the captured ones are named", () => {
    const ask = () => whichTables([shape("public.a")], config("public.a", "public.gone"), ["public.c"]);
    expect(ask).toThrow(UsageError);
    expect(ask).toThrow('--table is "public.c"; captured are public.a, public.gone');
  });

  test("nothing captured is no success", () => {
    expect(() => whichTables([], config(), [])).toThrow(
      "Nothing is captured: publication pub sends no table, and the connector names none.",
    );
  });
});
