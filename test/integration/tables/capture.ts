import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { type ChangedTable, changedTablesSql } from "../../../components/capture/tables/changed";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";

const DATABASE = "others";
/** As other people's databases are: settings for everybody, policies, partitions, a publication with a filter. */
const SETUP = `
  alter database ${DATABASE} set bytea_output = 'escape';
  alter database ${DATABASE} set intervalstyle = 'sql_standard';
  alter database ${DATABASE} set extra_float_digits = 0;
  alter database ${DATABASE} set statement_timeout = '5s';
  alter database ${DATABASE} set default_transaction_read_only = off;
  create table notes (id int primary key, tenant int);
  insert into notes values (1, 1), (2, 2);
  alter table notes enable row level security;
  create policy own on notes using (tenant = current_setting('app.tenant')::int);
  create table metrics (id int, at date, primary key (id, at)) partition by range (at);
  create table metrics_2026 partition of metrics for values from ('2026-01-01') to ('2027-01-01');
  insert into metrics values (1, '2026-05-01');
  create table lines (at date, text text) partition by range (at);
  create table vehicles (id int primary key);
  create table cars (seats int) inherits (vehicles);
  insert into cars values (1, 4);
  create table plain (id int primary key, "Size" int, size int);
  create table seats (id int primary key, code text not null unique);
  alter table seats replica identity using index seats_code_key;
  create table doors (code text not null unique, name text not null unique);
  alter table doors replica identity using index doors_code_key;
  create table "x.y" (id int primary key);
  create schema "public.x";
  create table "public.x".y (id int primary key);
  create table boxes (id int primary key, w int, h int, area int generated always as (w * h) stored);
  create table computed (w int, twice int generated always as (w * 2) stored primary key);
  create table gone (id int, u int not null);
  create unique index gone_u on gone (u);
  alter table gone replica identity using index gone_u;
  drop index gone_u;
  create view seen as select * from boxes;
  create materialized view kept as select * from boxes;
  create unlogged table quick (id int primary key);
  create sequence numbers;
  create table ledger (id int primary key, code text not null unique);
  alter table ledger replica identity using index ledger_code_key;
  create table parted (id int primary key) partition by range (id);
  create table parted_1 partition of parted for values from (0) to (10);
  alter table parted_1 replica identity nothing;
  create schema odd;
  create table odd."a b" (id int primary key);
  create table odd.a_b (id int primary key);
  create table odd."""q" (id int primary key);
`;
/** What an engine passes as the inputs before, when there are none. */
const NONE = {} as CaptureInputs;
/** Names that others have, for a capture that is to be called so. */
const STRANGERS = `
  create publication taken for table plain;
  create role taken;
  create schema taken;
  create table taken.signals (id int);
`;

/** The capture's verbs against a real database beside the stack's own. */
export function capture(databaseUrl: () => string): void {
  let admin: Client;
  let inputs: CaptureInputs;
  let outs: CaptureOutputs;

  const connected = async (settings: Partial<CaptureInputs & { user: string; password: string }>): Promise<Client> => {
    const { hostname, port, username, password } = new URL(databaseUrl());
    const at = { host: hostname, port: Number(port), user: username, password: decodeURIComponent(password) };
    const client = new Client({ ...at, ...settings });
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    const { hostname, port, username, password } = new URL(databaseUrl());
    inputs = {
      ...{ host: hostname, port: Number(port), database: DATABASE, readyTimeoutSeconds: 10, keepSlot: false },
      ...{ adminUser: username, adminPassword: decodeURIComponent(password), role: "others", rolePassword: "word" },
      ...{ publication: "others", slotName: "others", replicaIdentity: "FULL", signalTable: "others.signals" },
      tables: ["public.notes", "public.metrics"],
    };
    const first = await connected({ database: "postgres" });
    await first.query(`create database ${DATABASE}`);
    await first.end();
    admin = await connected({ database: DATABASE });
    await admin.query(SETUP);
    outs = (await captureProvider.create!(inputs)).outs!;
  });

  afterAll(async () => {
    if (outs) await captureProvider.delete!("others", outs);
    await admin.end();
  });

  test("the role reads every row, whatever the policies, and every value as it is, whatever the database's settings", async () => {
    const role = await connected({ database: DATABASE, user: "others", password: "word" });
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
    await admin.query("alter publication others set table notes (id) where (id > 1), metrics, others.signals");
    await admin.query("alter publication others set (publish = 'insert')");
    expect((await captureProvider.check!(outs, inputs)).inputs!.drift?.found).toEqual([
      "publication others has only part of public.notes (a row filter or a column list)",
      "publication others leaves operations out, or does not publish via the root",
      "public.notes was out of the publication for a while, or only part of it was in: its rows are read again",
    ]);
    const before = outs.tableIds!;
    outs = (await captureProvider.update!("others", outs, inputs)).outs!;
    const { rows } = await admin.query(
      "select pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot, " +
        "(select count(*) from pg_publication_rel where prqual is not null or prattrs is not null) as parts " +
        "from pg_publication where pubname = 'others'",
    );
    const all = { pubinsert: true, pubupdate: true, pubdelete: true, pubtruncate: true, pubviaroot: true };
    expect(rows).toEqual([{ ...all, parts: "0" }]);
    // An update that was not published is known to the table alone.
    for (const table of ["public.notes", "public.metrics"]) expect(outs.tableIds![table]).not.toBe(before[table]);
  });

  test("partitions have the whole old row, and applications write to them", async () => {
    const { rows } = await admin.query("select relreplident from pg_class where relname = 'metrics_2026'");
    expect(rows).toEqual([{ relreplident: "f" }]);
    await admin.query("update metrics set id = 2 where id = 1");
  });

  test("is as it was left; what is changed by hand is found", async () => {
    const drift = async (): Promise<string[]> =>
      (await captureProvider.check!(outs, inputs)).inputs!.drift?.found ?? [];
    expect(await drift()).toEqual([]);
    await admin.query("alter role others set intervalstyle = 'iso_8601'");
    await admin.query(`alter role others in database ${DATABASE} set bytea_output = 'escape'`);
    await admin.query(
      "create table metrics_2027 partition of metrics for values from ('2027-01-01') to ('2028-01-01')",
    );
    expect(await drift()).toEqual([
      "sessions of others do not pin intervalstyle, bytea_output",
      "public.metrics_2027 has REPLICA IDENTITY DEFAULT",
    ]);
    outs = (await captureProvider.update!("others", outs, inputs)).outs!;
    expect(await drift()).toEqual([]);
  });

  test("names of somebody else's are refused in preview, by name; nothing of theirs is changed", async () => {
    await admin.query(STRANGERS);
    await admin.query("select pg_create_logical_replication_slot('taken', 'pgoutput')");
    const taken = {
      publication: "taken",
      role: "taken",
      slotName: "taken",
      owner: "taken",
      signalTable: "taken.signals",
    };
    const { failures } = await captureProvider.check!(NONE, { ...inputs, ...taken });
    expect(failures!.map(({ reason }) => reason.slice(0, reason.indexOf(";")))).toEqual([
      "Role taken is there already and was not made by this capture",
      "Publication taken is there already and was not made by this capture",
      "Table taken.signals is there already and was not made by this capture",
      "Replication slot taken is there already and was not made by this capture",
    ]);
    await expect(captureProvider.create!({ ...inputs, ...taken })).rejects.toThrow("Role taken is there already");
    await expect(captureProvider.update!("others", outs, { ...inputs, ...taken })).rejects.toThrow("Role taken");
    const { rows } = await admin.query(`select (select string_agg(tablename, ',') from pg_publication_tables
      where pubname = 'taken') as published, rolcanlogin as login from pg_roles where rolname = 'taken'`);
    expect(rows).toEqual([{ published: "plain", login: false }]);
    await admin.query("select pg_drop_replication_slot('taken')");
    await admin.query("drop publication taken; drop role taken; drop schema taken cascade");
  });

  test("a capture whose state is lost is known by its mark", async () => {
    const { failures } = await captureProvider.check!(NONE, inputs);
    expect(failures).toEqual([]);
    outs = (await captureProvider.create!(inputs)).outs!;
  });

  test("rights that somebody gave the role outlast an up", async () => {
    await admin.query("create schema app; create table app.heartbeat (id int primary key)");
    await admin.query("grant usage on schema app to others; grant insert on app.heartbeat to others");
    expect((await captureProvider.check!(outs, inputs)).inputs!.drift).toBeUndefined();
    outs = (await captureProvider.update!("others", outs, inputs)).outs!;
    const { rows } = await admin.query("select has_table_privilege('others', 'app.heartbeat', 'insert') as may");
    expect(rows).toEqual([{ may: true }]);
  });

  test("generated columns are told, and one added later is a change", async () => {
    const tables = [...inputs.tables, "public.boxes"];
    outs = (await captureProvider.update!("others", outs, { ...inputs, tables })).outs!;
    expect(outs.generated).toEqual(["public.boxes.area"]);
    await admin.query("alter table boxes add half int generated always as (w / 2) stored");
    const now = (await captureProvider.check!(outs, { ...inputs, tables })).inputs!;
    expect(now.generated).toEqual(["public.boxes.area", "public.boxes.half"]);
    expect(await captureProvider.diff!("others", outs, now)).toMatchObject({ changes: true, changed: ["generated"] });
    await admin.query("update boxes set w = 1");
    outs = (await captureProvider.update!("others", outs, inputs)).outs!;
  });

  describe("a captured table", () => {
    const tables = ["public.notes", "public.orders"];
    const told = async (): Promise<string[]> =>
      (await captureProvider.check!(outs, { ...inputs, tables })).inputs!.drift?.found ?? [];
    const up = async (): Promise<Record<string, string>> => {
      outs = (await captureProvider.update!("others", outs, { ...inputs, tables })).outs!;
      return outs.tableIds!;
    };

    beforeAll(async () => {
      await admin.query("create table orders (id int primary key, code text not null)");
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
      await admin.query(sql);
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
        const changed = await admin.query(changedTablesSql("others.signals", "others"));
        return (changed.rows as ChangedTable[]).map(({ table, what }) => `${what} ${table}`);
      };
      await admin.query("alter table orders replica identity nothing");
      expect(await outcome()).toEqual(["blocked public.orders"]);
      expect(await told()).toEqual(["public.orders has REPLICA IDENTITY NOTHING"]);
      await admin.query("alter table orders replica identity default");
      expect(await outcome()).toEqual(["blocked public.orders"]);
      await up();
      expect(await outcome()).toEqual([]);
      await admin.query("update orders set number = ''");
    });

    test("is not told of for what leaves it as it was", async () => {
      const add = "alter table orders add note text, alter note set default '', alter note set not null";
      const usual = [
        "grant select on orders to pg_monitor",
        "create index on orders (note)",
        "alter table orders drop note",
      ];
      for (const sql of ["truncate orders", "vacuum full orders", add, "analyze orders", "vacuum freeze", ...usual]) {
        await admin.query(sql);
      }
      expect(await told()).toEqual([]);
    });

    test("that was renamed is told by both names, and is read again under the old one", async () => {
      await admin.query("alter table orders rename to sales");
      const { inputs: seen, failures } = await captureProvider.check!(outs, { ...inputs, tables });
      expect(seen!.drift!.found).toEqual(["public.orders was renamed to public.sales"]);
      expect(failures![0]!.reason).toContain("Table public.orders does not exist.");
      // What was written under the other name is known to the table alone.
      await admin.query("alter table sales rename to orders");
      const again = "public.orders had another name for a while, or has another owner: its rows are read again";
      expect(await told()).toEqual([again]);
      const before = outs.tableIds!;
      expect((await up())["public.orders"]).not.toBe(before["public.orders"]);
      expect(await told()).toEqual([]);
    });

    test("is noted anew where the notes are of another version", async () => {
      const before = await up();
      await admin.query("alter table others.captured drop column named");
      expect(await told()).toEqual(["table others.captured is missing or of another version"]);
      expect(await up()).toEqual(before);
      expect(await told()).toEqual([]);
    });

    test("of a capture that noted nothing yet is noted by the next up, and not read again", async () => {
      const before = await up();
      await admin.query("drop table others.captured");
      expect(await told()).toEqual(["table others.captured is missing or of another version"]);
      expect(await up()).toEqual(before);
      expect(await told()).toEqual([]);
    });

    test("whose apply was killed after the database had it is read again all the same", async () => {
      const before = outs;
      await admin.query("drop table orders; create table orders (id int primary key)");
      const after = await up();
      outs = before;
      const news = (await captureProvider.check!(outs, { ...inputs, tables })).inputs!;
      expect(await captureProvider.diff!("others", outs, news)).toMatchObject({ changes: true, changed: ["tableIds"] });
      expect(await up()).toEqual(after);
    });

    test("cannot be followed at once by one whose topic Kafka takes for its own", async () => {
      await admin.query("create schema app_user; create table app_user.events (id int primary key)");
      await admin.query("create table app.user_events (id int primary key)");
      outs = (await captureProvider.update!("others", outs, { ...inputs, tables: ["app.user_events"] })).outs!;
      const next = { ...inputs, tables: ["app_user.events"] };
      const reason = expect.stringContaining(
        "Take it out with an up of its own, with its topic (keepTopics false in this project), then add app_user.events.",
      );
      expect((await captureProvider.check!(outs, next)).failures).toEqual([{ property: "tables", reason }]);
      await expect(captureProvider.update!("others", outs, next)).rejects.toThrow("then add app_user.events");
      await up();
      expect((await captureProvider.check!(outs, next)).failures).toEqual([]);
    });
  });

  test("a table that is no longer captured has the replica identity that it had before", async () => {
    const identities = async () =>
      (
        await admin.query(`select c.relname || ' ' || relreplident::text || coalesce(' ' || (select indexrelid::regclass::text from pg_index
          where indrelid = c.oid and indisreplident), '') as identity from pg_class c
          where relname in ('ledger', 'parted', 'parted_1', 'boxes') order by 1`)
      ).rows.map(({ identity }) => String(identity));
    const before = ["boxes d", "ledger i ledger_code_key", "parted d", "parted_1 n"];
    const captured = ["boxes f", "ledger f", "parted f", "parted_1 f"];
    expect(await identities()).toEqual(before);
    const more = { ...inputs, tables: [...inputs.tables, "public.ledger", "public.parted", "public.boxes"] };
    outs = (await captureProvider.update!("others", outs, more)).outs!;
    expect(await identities()).toEqual(captured);
    // What is noted is what was there first.
    outs = (await captureProvider.update!("others", outs, { ...more, replicaIdentity: "DEFAULT" })).outs!;
    outs = (await captureProvider.update!("others", outs, more)).outs!;
    expect(await identities()).toEqual(captured);
    outs = (await captureProvider.update!("others", outs, inputs)).outs!;
    expect(await identities()).toEqual(before);

    outs = (await captureProvider.update!("others", outs, more)).outs!;
    await admin.query("alter table ledger drop constraint ledger_code_key");
    await captureProvider.delete!("others", outs);
    expect(await identities()).toEqual(["boxes d", "ledger d", "parted d", "parted_1 n"]);
    outs = (await captureProvider.create!(inputs)).outs!;
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
    const { failures } = await captureProvider.check!(outs, { ...inputs, tables: [...inputs.tables, table] });
    expect(failures).toEqual([{ property: "tables[2]", reason }]);
  });

  test("an index that is the replica identity and was dropped is no key", async () => {
    const keys = { ...inputs, tables: ["public.gone"], replicaIdentity: "DEFAULT" as const };
    expect((await captureProvider.check!(outs, keys)).failures).toContainEqual({
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
    const wanted = { ...inputs, replicaIdentity, tables: [...inputs.tables, table] };
    const { failures } = await captureProvider.check!(outs, wanted);
    expect(failures).toContainEqual({ property: "tables", reason: expect.stringMatching(reason) });
    await admin.query("update cars set seats = seats + 1");
    await admin.query("delete from lines");
  });

  test("the index of a REPLICA IDENTITY that is the key is none to refuse", async () => {
    const wanted: CaptureInputs = { ...inputs, replicaIdentity: "DEFAULT", tables: ["public.notes", "public.doors"] };
    expect((await captureProvider.check!(outs, wanted)).failures ?? []).toEqual([]);
  });
}
