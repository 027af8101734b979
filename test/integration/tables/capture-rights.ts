import { expect, test } from "@jest/globals";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs } from "../../../components/capture/capture-types";
import { type CapturedDatabase, DATABASE } from "./captured-database";

const NONE = {} as CaptureInputs;
/** Objects of others with the names of a new capture. */
const STRANGERS = `
  create publication taken for table plain;
  create role taken;
  create schema taken;
  create table taken.signals (id int);
`;

/** Checks the role's rights, what counts as drift, and whose the names are. */
export function captureRights(db: CapturedDatabase): void {
  test("the role reads every row, whatever the policies, and every value as it is, whatever the database's settings", async () => {
    const role = await db.connected({ database: DATABASE, user: "others", password: "word" });
    const { rows } = await role.query({
      text: `select (select count(*) from notes) as notes, '\\xff41'::bytea as bytes, 0.30000000000000004::float8 as float,
        interval '1 year 2 mons 3 days 04:05:06' as span, current_setting('statement_timeout') as timeout`,
      types: { getTypeParser: () => (text: string) => text },
    });
    await role.end();
    expect(rows).toEqual([
      {
        notes: "2",
        bytes: "\\xff41",
        float: "0.30000000000000004",
        span: "1 year 2 mons 3 days 04:05:06",
        timeout: "0",
      },
    ]);
  });

  test("a publication that was changed by hand has every operation, row and column of the tables again", async () => {
    await db.admin.query("alter publication others set table notes (id) where (id > 1), metrics, others.signals");
    await db.admin.query("alter publication others set (publish = 'insert')");
    expect((await captureProvider.check!(db.outs, db.inputs)).inputs!.drift?.found).toEqual([
      "publication others has only part of public.notes (a row filter or a column list)",
      "publication others leaves operations out, or does not publish via the root",
      "public.notes was out of the publication for a while, or only part of it was in: its rows are read again",
    ]);
    const before = db.outs.tableIds!;
    db.outs = (await captureProvider.update!("others", db.outs, db.inputs)).outs!;
    const { rows } = await db.admin.query(
      "select pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot, " +
        "(select count(*) from pg_publication_rel where prqual is not null or prattrs is not null) as parts " +
        "from pg_publication where pubname = 'others'",
    );
    const all = { pubinsert: true, pubupdate: true, pubdelete: true, pubtruncate: true, pubviaroot: true };
    expect(rows).toEqual([{ ...all, parts: "0" }]);
    // Only the table has an update that was not published.
    for (const table of ["public.notes", "public.metrics"]) expect(db.outs.tableIds![table]).not.toBe(before[table]);
  });

  test("partitions have the whole old row, and applications write to them", async () => {
    const { rows } = await db.admin.query("select relreplident from pg_class where relname = 'metrics_2026'");
    expect(rows).toEqual([{ relreplident: "f" }]);
    await db.admin.query("update metrics set id = 2 where id = 1");
  });

  test("is as it was left; what is changed by hand is found", async () => {
    const drift = async (): Promise<string[]> =>
      (await captureProvider.check!(db.outs, db.inputs)).inputs!.drift?.found ?? [];
    expect(await drift()).toEqual([]);
    await db.admin.query("alter role others set intervalstyle = 'iso_8601'");
    await db.admin.query(`alter role others in database ${DATABASE} set bytea_output = 'escape'`);
    await db.admin.query(
      "create table metrics_2027 partition of metrics for values from ('2027-01-01') to ('2028-01-01')",
    );
    expect(await drift()).toEqual([
      "sessions of others do not pin intervalstyle, bytea_output",
      "public.metrics_2027 has REPLICA IDENTITY DEFAULT",
    ]);
    db.outs = (await captureProvider.update!("others", db.outs, db.inputs)).outs!;
    expect(await drift()).toEqual([]);
  });

  test("names of somebody else's are refused in preview, by name; nothing of theirs is changed", async () => {
    await db.admin.query(STRANGERS);
    await db.admin.query("select pg_create_logical_replication_slot('taken', 'pgoutput')");
    const taken = {
      publication: "taken",
      role: "taken",
      slotName: "taken",
      owner: "taken",
      signalTable: "taken.signals",
    };
    const { failures } = await captureProvider.check!(NONE, { ...db.inputs, ...taken });
    expect(failures!.map(({ reason }) => reason.slice(0, reason.indexOf(":")))).toEqual([
      "Role taken already exists and was not made by this capture",
      "Publication taken already exists and was not made by this capture",
      "Table taken.signals already exists and was not made by this capture",
      "Replication slot taken already exists and was not made by this capture",
    ]);
    await expect(captureProvider.create!({ ...db.inputs, ...taken })).rejects.toThrow("Role taken already exists");
    await expect(captureProvider.update!("others", db.outs, { ...db.inputs, ...taken })).rejects.toThrow("Role taken");
    const { rows } = await db.admin.query(`select (select string_agg(tablename, ',') from pg_publication_tables
      where pubname = 'taken') as published, rolcanlogin as login from pg_roles where rolname = 'taken'`);
    expect(rows).toEqual([{ published: "plain", login: false }]);
    await db.admin.query("select pg_drop_replication_slot('taken')");
    await db.admin.query("drop publication taken; drop role taken; drop schema taken cascade");
  });

  test("a capture whose state is lost is known by its mark", async () => {
    const { failures } = await captureProvider.check!(NONE, db.inputs);
    expect(failures).toEqual([]);
    db.outs = (await captureProvider.create!(db.inputs)).outs!;
  });

  test("rights that somebody gave the role outlast an up", async () => {
    await db.admin.query("create schema app; create table app.heartbeat (id int primary key)");
    await db.admin.query("grant usage on schema app to others; grant insert on app.heartbeat to others");
    expect((await captureProvider.check!(db.outs, db.inputs)).inputs!.drift).toBeUndefined();
    db.outs = (await captureProvider.update!("others", db.outs, db.inputs)).outs!;
    const { rows } = await db.admin.query("select has_table_privilege('others', 'app.heartbeat', 'insert') as may");
    expect(rows).toEqual([{ may: true }]);
  });

  test("generated columns are told, and one added later is a change", async () => {
    const tables = [...db.inputs.tables, "public.boxes"];
    db.outs = (await captureProvider.update!("others", db.outs, { ...db.inputs, tables })).outs!;
    expect(db.outs.generated).toEqual(["public.boxes.area"]);
    await db.admin.query("alter table boxes add half int generated always as (w / 2) stored");
    const now = (await captureProvider.check!(db.outs, { ...db.inputs, tables })).inputs!;
    expect(now.generated).toEqual(["public.boxes.area", "public.boxes.half"]);
    expect(await captureProvider.diff!("others", db.outs, now)).toMatchObject({
      changes: true,
      changed: ["generated"],
    });
    await db.admin.query("update boxes set w = 1");
    db.outs = (await captureProvider.update!("others", db.outs, db.inputs)).outs!;
  });
}
