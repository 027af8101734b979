import { describe, expect, test } from "@jest/globals";
import { diffCapture, driftOf, shapeFailures } from "../../../components/capture/capture-diff";
import type { CaptureInputs } from "../../../components/capture/capture-types";
import type { DatabaseFacts } from "../../../components/capture/facts/database-facts";
import { UNKNOWN } from "../../../program/dynamic/unknown";
import { DONE, INPUTS, PLAIN, WHOLE, table } from "./database";

describe("diff and drift", () => {
  const olds = { ...INPUTS, captured: ["public.customers"], tableIds: { "public.customers": "1" } };

  test("nothing", () => {
    expect(diffCapture(olds, { ...INPUTS, captured: ["public.customers"] }).changes).toBe(false);
    expect(diffCapture(olds, INPUTS).changes).toBe(false);
    expect(driftOf(INPUTS, ["public.customers"], DONE)).toEqual([]);
  });

  test("a table that appeared under schema.*", () => {
    const news = { ...INPUTS, captured: ["public.customers", "public.new"] };
    expect(diffCapture(olds, news)).toMatchObject({ changed: ["captured"], replaces: [] });
  });

  test.each(["database", "role", "publication", "slotName"] as const)("another %s replaces, old first", (key) => {
    expect(diffCapture(olds, { ...INPUTS, [key]: "other" })).toMatchObject({
      replaces: [key],
      deleteBeforeReplace: true,
    });
    expect(diffCapture(olds, { ...INPUTS, [key]: UNKNOWN }).replaces).toEqual([]);
  });

  test.each<[string, Partial<DatabaseFacts>]>([
    ["role debezium is missing", { role: undefined }],
    ["table debezium.captured is missing or of another version", { notes: undefined }],
    [
      "table debezium.captured is missing or of another version",
      { notes: { comment: WHOLE.comment, fits: false, ids: {}, changed: [], identities: {} } },
    ],
    ["debezium may not SELECT from debezium.captured", { selects: ["public.customers", "debezium.signals"] }],
    ["publication debezium is missing", { publication: undefined }],
    ["publication debezium lacks public.customers", { publication: { ...WHOLE, tables: ["debezium.signals"] } }],
    [
      "publication debezium also has public.orders",
      { publication: { ...DONE.publication!, tables: [...DONE.publication!.tables, "public.orders"] } },
    ],
    ["debezium may not SELECT from public.customers", { selects: ["debezium.captured"] }],
    ["public.customers has REPLICA IDENTITY DEFAULT", { tables: [table("public.customers")] }],
    [
      "public.part_1 has REPLICA IDENTITY DEFAULT",
      { tables: [table("public.customers", "FULL"), { ...table("public.part_1"), root: "public.customers" }] },
    ],
    [
      "row level security of public.customers hides rows from debezium",
      { tables: [{ ...table("public.customers", "FULL"), rowSecurity: true }] },
    ],
    [
      "sessions of debezium do not pin intervalstyle",
      { role: { ...DONE.role!, settings: PLAIN.settings.filter((each) => !each.startsWith("interval")) } },
    ],
    [
      "sessions of debezium do not pin bytea_output",
      { role: { ...DONE.role!, here: ["bytea_output=escape", "work_mem=1MB", "datestyle=ISO, MDY"] } },
    ],
    [
      "sessions of debezium do not pin datestyle, intervalstyle",
      { role: { ...DONE.role!, here: ["IntervalStyle=iso_8601", "DateStyle=SQL, DMY"] } },
    ],
    [
      "publication debezium has only part of public.customers (a row filter or a column list)",
      { publication: { ...DONE.publication!, partial: ["public.customers"] } },
    ],
    [
      "publication debezium leaves operations out, or does not publish via the root",
      { publication: { ...DONE.publication!, complete: false } },
    ],
  ])("%s", (line, change) => {
    expect(driftOf(INPUTS, ["public.customers"], { ...DONE, ...change })).toEqual([line]);
  });

  test("a table that was made again is reported once, whatever it lacks", () => {
    const changed = [{ table: "public.customers", what: "remade", was: null, now: null }] as const;
    const facts = {
      ...DONE,
      tables: [table("public.customers"), table("debezium.captured")],
      publication: { ...WHOLE, tables: ["debezium.signals"] },
      selects: ["debezium.captured"],
      notes: { ...DONE.notes!, changed: [...changed] },
    };
    expect(driftOf(INPUTS, ["public.customers"], facts)).toEqual([
      "public.customers was dropped and made again: its rows are read again",
    ]);
  });

  test("so is one that was renamed, whose new name the publication has", () => {
    const changed = {
      table: "public.customers",
      what: "renamed",
      was: "public.customers",
      now: "public.clients",
    } as const;
    const publication = { ...WHOLE, tables: ["debezium.signals", "public.clients"] };
    const facts = { ...DONE, publication, notes: { ...DONE.notes!, changed: [changed] } };
    expect(driftOf(INPUTS, ["public.customers"], facts)).toEqual(["public.customers was renamed to public.clients"]);
  });

  test("an apply that was killed before the state knew of it is made good", () => {
    expect(diffCapture(olds, { ...INPUTS, noted: { "public.customers": "1", "public.more": "2" } }).changes).toBe(
      false,
    );
    expect(diffCapture(olds, { ...INPUTS, noted: { "public.customers": "1 later" } })).toMatchObject({
      changed: ["tableIds"],
      replaces: [],
    });
  });
});

describe("inputs that are wrong on their face", () => {
  test.each<[string, object]>([
    ["tables", { tables: [] }],
    ["tables[1]", { tables: ["public.a", "b"] }],
    ["slotName", { slotName: "Not-A-Slot" }],
    ["port", { port: 70000 }],
    ["role", { role: INPUTS.adminUser }],
    ["replicaIdentity", { replicaIdentity: "ALL" }],
    ["replicaIdentity", { replicaIdentity: "NOTHING" }],
    ["signalTable", { signalTable: "signals" }],
    ["signalTable", { signalTable: "debezium.captured" }],
    ["tables[0]", { tables: ["debezium.captured"] }],
  ])("%s", (property, change) => {
    expect(shapeFailures({ ...INPUTS, ...change } as CaptureInputs).map((each) => each.property)).toEqual([property]);
  });

  test("right ones, and those not known yet, pass", () => {
    expect(shapeFailures(INPUTS)).toEqual([]);
    expect(shapeFailures({ ...INPUTS, tables: UNKNOWN, port: UNKNOWN, role: UNKNOWN } as never)).toEqual([]);
  });
});
