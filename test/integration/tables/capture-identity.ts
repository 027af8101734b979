import { expect, test } from "@jest/globals";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs } from "../../../components/capture/capture-types";
import type { CapturedDatabase } from "./captured-database";

/** The replica identity of captured tables: given, refused and put back. */
export function captureIdentity(db: CapturedDatabase): void {
  test("a table that is no longer captured has the replica identity that it had before", async () => {
    const identities = async () =>
      (
        await db.admin
          .query(`select c.relname || ' ' || relreplident::text || coalesce(' ' || (select indexrelid::regclass::text from pg_index
          where indrelid = c.oid and indisreplident), '') as identity from pg_class c
          where relname in ('ledger', 'parted', 'parted_1', 'boxes') order by 1`)
      ).rows.map(({ identity }) => String(identity));
    const before = ["boxes d", "ledger i ledger_code_key", "parted d", "parted_1 n"];
    const captured = ["boxes f", "ledger f", "parted f", "parted_1 f"];
    expect(await identities()).toEqual(before);
    const more = { ...db.inputs, tables: [...db.inputs.tables, "public.ledger", "public.parted", "public.boxes"] };
    db.outs = (await captureProvider.update!("others", db.outs, more)).outs!;
    expect(await identities()).toEqual(captured);
    // The note is about the identity that the table had first.
    db.outs = (await captureProvider.update!("others", db.outs, { ...more, replicaIdentity: "DEFAULT" })).outs!;
    db.outs = (await captureProvider.update!("others", db.outs, more)).outs!;
    expect(await identities()).toEqual(captured);
    db.outs = (await captureProvider.update!("others", db.outs, db.inputs)).outs!;
    expect(await identities()).toEqual(before);

    db.outs = (await captureProvider.update!("others", db.outs, more)).outs!;
    await db.admin.query("alter table ledger drop constraint ledger_code_key");
    await captureProvider.delete!("others", db.outs);
    expect(await identities()).toEqual(["boxes d", "ledger d", "parted d", "parted_1 n"]);
    db.outs = (await captureProvider.create!(db.inputs)).outs!;
  });

  test.each([
    [
      "public.metrics_2026",
      "public.metrics_2026 is a partition of public.metrics, with which it is captured: name that.",
    ],
    ["public.seen", "public.seen is a view, which has no changes of its own: name the tables that it reads."],
    [
      "public.kept",
      "public.kept is a materialized view, which logical replication does not have: name the tables that it reads.",
    ],
    [
      "public.quick",
      "public.quick is unlogged, so its changes are in no log: run ALTER TABLE public.quick SET LOGGED.",
    ],
    ["public.numbers", "public.numbers is a sequence, which logical replication does not have: name a table."],
    [
      "pg_catalog.pg_class",
      "pg_catalog.pg_class is one of Postgres' own tables, which logical replication does not have: name one of yours.",
    ],
  ])("%s is said to be what it is", async (table, reason) => {
    const { failures } = await captureProvider.check!(db.outs, { ...db.inputs, tables: [...db.inputs.tables, table] });
    expect(failures).toEqual([{ property: "tables[2]", reason }]);
  });

  test("an index that is the replica identity and was dropped is no key", async () => {
    const keys = { ...db.inputs, tables: ["public.gone"], replicaIdentity: "DEFAULT" as const };
    expect((await captureProvider.check!(db.outs, keys)).failures).toContainEqual({
      property: "tables",
      reason: expect.stringMatching(/^public\.gone: no primary key/),
    });
  });

  test.each<[string, RegExp, ("FULL" | "DEFAULT")?]>([
    ["public.computed", /^public\.computed: generated columns are in no event, and twice is part of its key/],
    ["public.vehicles", /^public\.vehicles: public\.cars inherits from it/],
    ["public.lines", /^public\.lines: partitioned and without a primary key/],
    ["public.plain", /^public\.plain: Debezium stops at columns whose names differ in case only \(Size, size\)/],
    ['public."x.y"', /^public\.x\.y: Debezium cannot tell it from "public\.x"\.y/],
    ["odd.*", /^odd\."q: Debezium cannot ask for a name that begins or ends with a double quote/],
    ["odd.*", /^odd\.a b, odd\.a_b: their changes would go to one topic, <topicPrefix>\.odd\.a_b\./],
    [
      "public.seats",
      /^public\.seats: .* the record's key has id too\. Run .* DEFAULT, or set replicaIdentity to FULL/,
      "DEFAULT",
    ],
  ])("%s is refused in preview, and nothing is changed", async (table, reason, replicaIdentity = "FULL") => {
    const wanted = { ...db.inputs, replicaIdentity, tables: [...db.inputs.tables, table] };
    const { failures } = await captureProvider.check!(db.outs, wanted);
    expect(failures).toContainEqual({ property: "tables", reason: expect.stringMatching(reason) });
    await db.admin.query("update cars set seats = seats + 1");
    await db.admin.query("delete from lines");
  });

  test("the index of a REPLICA IDENTITY that is the key is none to refuse", async () => {
    const wanted: CaptureInputs = {
      ...db.inputs,
      replicaIdentity: "DEFAULT",
      tables: ["public.notes", "public.doors"],
    };
    expect((await captureProvider.check!(db.outs, wanted)).failures ?? []).toEqual([]);
  });
}
