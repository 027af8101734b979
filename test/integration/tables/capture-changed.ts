import { beforeAll, describe, expect, test } from "@jest/globals";
import { captureProvider } from "../../../components/capture/capture-provider";
import { type ChangedTable, changedTablesSql, lookSql } from "../../../components/capture/tables/changed";
import type { CapturedDatabase } from "./captured-database";

/** Changes captured tables without the capture. */
export function captureChanged(db: CapturedDatabase): void {
  describe("a captured table", () => {
    const tables = ["public.notes", "public.orders"];
    const told = async (): Promise<string[]> =>
      (await captureProvider.check!(db.outs, { ...db.inputs, tables })).inputs!.drift?.found ?? [];
    const up = async (): Promise<Record<string, string>> => {
      db.outs = (await captureProvider.update!("others", db.outs, { ...db.inputs, tables })).outs!;
      return db.outs.tableIds!;
    };

    beforeAll(async () => {
      await db.admin.query("create table orders (id int primary key, code text not null)");
      await up();
    });

    test.each([
      ["drop table orders; create table orders (id int primary key, code text not null)", "dropped and made again"],
      [
        "alter publication others drop table orders; alter publication others add table orders",
        "out of the publication",
      ],
      ["alter publication others set table notes, orders where (id > 5), others.signals", "only part of it was in"],
      [
        "alter table orders drop constraint orders_pkey; alter table orders add primary key (code)",
        /was \(id\) and is \(code\)/,
      ],
      ["alter table orders rename code to number", /was \(code\) and is \(number\)/],
      ["alter table orders drop constraint orders_pkey", /was \(number\) and is none/],
    ])("that was changed by %s is told in preview, and read again", async (sql, what) => {
      const before = await up();
      await db.admin.query(sql);
      expect((await told()).filter((line) => line.endsWith(": its rows are read again"))).toEqual([
        expect.stringMatching(what),
      ]);
      const after = await up();
      expect(after["public.orders"]).not.toBe(before["public.orders"]);
      expect(after["public.notes"]).toBe(before["public.notes"]);
      expect(await told()).toEqual([]);
      expect(await up()).toEqual(after);
    });

    test("that takes no UPDATE any more is told of before an application's next one", async () => {
      const outcome = async (): Promise<string[]> => {
        const changed = await db.admin.query(changedTablesSql("others.signals", "others"));
        return (changed.rows as ChangedTable[]).map(({ table, what }) => `${what} ${table}`);
      };
      await db.admin.query("alter table orders replica identity nothing");
      expect(await outcome()).toEqual(["blocked public.orders"]);
      expect(await told()).toEqual(["public.orders has REPLICA IDENTITY NOTHING"]);
      await db.admin.query("alter table orders replica identity default");
      expect(await outcome()).toEqual(["blocked public.orders"]);
      await up();
      expect(await outcome()).toEqual([]);
      await db.admin.query("update orders set number = ''");
    });

    test("is not told of for what leaves it as it was", async () => {
      const add = "alter table orders add note text, alter note set default '', alter note set not null";
      const usual = [
        "grant select on orders to pg_monitor",
        "create index on orders (note)",
        "alter table orders drop note",
      ];
      for (const sql of ["truncate orders", "vacuum full orders", add, "analyze orders", "vacuum freeze", ...usual]) {
        await db.admin.query(sql);
        await db.admin.query(lookSql("others.signals"));
      }
      expect(await told()).toEqual([]);
    });

    test("that was renamed is told by both names, and is read again under the old one", async () => {
      await db.admin.query("alter table orders rename to sales");
      const { inputs: seen, failures } = await captureProvider.check!(db.outs, { ...db.inputs, tables });
      expect(seen!.drift!.found).toEqual(["public.orders was renamed to public.sales"]);
      expect(failures![0]!.reason).toContain("Table public.orders does not exist.");
      // Only the table has what was written under the other name.
      await db.admin.query("alter table sales rename to orders");
      const again = "public.orders had another name for a while, or has another owner: its rows are read again";
      expect(await told()).toEqual([again]);
      const before = db.outs.tableIds!;
      expect((await up())["public.orders"]).not.toBe(before["public.orders"]);
      expect(await told()).toEqual([]);
    });

    test("is noted anew where the notes are of another version", async () => {
      const before = await up();
      await db.admin.query("alter table others.captured drop column named");
      expect(await told()).toEqual(["table others.captured is missing or of another version"]);
      expect(await up()).toEqual(before);
      expect(await told()).toEqual([]);
    });

    test("of a capture that noted nothing yet is noted by the next up, and not read again", async () => {
      const before = await up();
      await db.admin.query("drop table others.captured");
      expect(await told()).toEqual(["table others.captured is missing or of another version"]);
      expect(await up()).toEqual(before);
      expect(await told()).toEqual([]);
    });

    test("whose apply was killed after the database had it is read again all the same", async () => {
      const before = db.outs;
      await db.admin.query("drop table orders; create table orders (id int primary key)");
      const after = await up();
      db.outs = before;
      const news = (await captureProvider.check!(db.outs, { ...db.inputs, tables })).inputs!;
      expect(await captureProvider.diff!("others", db.outs, news)).toMatchObject({
        changes: true,
        changed: ["tableIds"],
      });
      expect(await up()).toEqual(after);
    });

    test("cannot be followed at once by one whose topic Kafka takes for its own", async () => {
      await db.admin.query("create schema app_user; create table app_user.events (id int primary key)");
      await db.admin.query("create table app.user_events (id int primary key)");
      db.outs = (await captureProvider.update!("others", db.outs, { ...db.inputs, tables: ["app.user_events"] })).outs!;
      const next = { ...db.inputs, tables: ["app_user.events"] };
      const reason = expect.stringContaining(
        "Take that table out with an up of its own, with its topic (keepTopics false in this project), then add app_user.events.",
      );
      expect((await captureProvider.check!(db.outs, next)).failures).toEqual([{ property: "tables", reason }]);
      await expect(captureProvider.update!("others", db.outs, next)).rejects.toThrow("then add app_user.events");
      await up();
      expect((await captureProvider.check!(db.outs, next)).failures).toEqual([]);
    });
  });
}
