import { expect, test } from "@jest/globals";
import type { DatabaseFacts } from "../../../../components/capture/facts/database-facts";
import { tableIds } from "../../../../components/capture/tables/table-ids";
import { EMPTY, table, WHOLE } from "../database";

/** @param oids OIDs by table */
const facts = (oids: Record<string, string>, published: string[] | undefined): DatabaseFacts => ({
  ...EMPTY,
  tables: Object.entries(oids).map(([name, oid]) => ({ ...table(name), oid })),
  ...(published ? { publication: { ...WHOLE, tables: published } } : {}),
});
const both = ["public.a", "public.b"];
const olds = { tableIds: { "public.a": "1", "public.b": "2 first" } };

test("stay as they are while the tables do", () => {
  expect(tableIds(both, facts({ "public.a": "1", "public.b": "2" }, both), olds, "second")).toEqual(olds.tableIds);
});

test("are new for a table that was made again, or was out of the publication", () => {
  const now = facts({ "public.a": "1", "public.b": "3" }, ["public.b"]);
  expect(tableIds(both, now, olds, "second")).toEqual({ "public.a": "1 second", "public.b": "3" });
});

test.each(["remade", "returned", "unpublished", "republished", "reduced", "rekeyed"] as const)(
  "are new for a table that is told to be %s",
  (what) => {
    const changed = [{ table: "public.b", what, was: null, now: null }];
    const notes = {
      comment: null,
      fits: true,
      ids: { "public.a": "1 noted", "public.b": "2" },
      changed,
      identities: {},
    };
    const now = { ...facts({ "public.a": "1", "public.b": "2" }, both), notes };
    expect(tableIds(both, now, olds, "second")).toEqual({ "public.a": "1 noted", "public.b": "2 second" });
    // No change was missed: without the publication, the reader stops. In 18, it reads on.
    expect(tableIds(both, { ...now, publication: undefined }, olds, "second")["public.b"]).toBe("2");
    expect(tableIds(both, { ...now, publication: undefined, version: 180000 }, olds, "second")["public.b"]).toBe(
      "2 second",
    );
  },
);

test("a table that is added, and one where the publication is missing altogether, was not out of it", () => {
  const now = { "public.a": "1", "public.c": "4" };
  expect(tableIds(["public.a", "public.c"], facts(now, both), olds, "second")).toEqual(now);
  expect(tableIds(["public.a"], facts(now, undefined), olds, "second")).toEqual({ "public.a": "1" });
});

test("a table that comes while the slot is there: an apply may have taken it out that never got to the connector", () => {
  const slot = { active: true, database: "cdctest", plugin: "pgoutput" };
  const now = { ...facts({ "public.a": "1", "public.b": "2" }, ["public.a"]), slot };
  const out = { tableIds: { "public.a": "1" }, captured: ["public.a"] };
  expect(tableIds(both, now, out, "second")).toEqual({ "public.a": "1", "public.b": "2 second" });
  // States of 0.1.0 have no ids.
  expect(tableIds(["public.a"], now, { captured: ["public.a"] }, "second")).toEqual({ "public.a": "1" });
});
