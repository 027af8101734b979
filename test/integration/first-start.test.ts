import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { clientsOf } from "../support/stack/clients";
import { TestStack } from "../support/stack";

/** The first start of a database: its init files, one that fails, and one that comes too late. */
const UP_MS = 240_000;
const stack = new TestStack("first-start");

beforeAll(async () => {
  await stack.create({ initFolder: stack.initFolder, tables: "public.orders" });
}, 60_000);

afterAll(() => stack.remove(), 120_000);

const put = (name: string, content: string | Buffer) => writeFileSync(join(stack.initFolder, name), content);

test(
  "a file that fails: the up ends with file, line and message",
  async () => {
    put("01-orders.sql", "create table public.orders (id bigint primary key, what text);\n");
    put("02-rows.sql.gz", gzipSync("insert into public.orders values (1, 'packed');\n"));
    // Both files need the server's own settings.
    put(
      "03-slot.sql",
      "select pg_create_logical_replication_slot('of_the_file', 'pgoutput'); select pg_logical_emit_message(true, 'file', '');",
    );
    put("04-owner.sql", "select 1;\n\nalter table public.orders owner to nobody_here;\n");
    await expect(stack.up()).rejects.toThrow(
      "the first start of this database failed at 04-owner.sql: psql:/docker-entrypoint-initdb.d/04-owner.sql:3: " +
        'ERROR:  role "nobody_here" does not exist',
    );
  },
  UP_MS,
);

test(
  "a pack that was cut off ends the up in the same way",
  async () => {
    rmSync(join(stack.initFolder, "04-owner.sql"));
    put("04-cut.sql.gz", gzipSync("select 1;").subarray(0, -6));
    await expect(stack.up()).rejects.toThrow(
      /the first start of this database failed at 04-cut\.sql\.gz: .*gzip: .*04-cut\.sql\.gz: unexpected end of file/s,
    );
    rmSync(join(stack.initFolder, "04-cut.sql.gz"));
  },
  UP_MS,
);

test(
  "once it is mended, npm start brings up a stack without the demo's table, and says so",
  async () => {
    put("03-latin.sql", Buffer.from("\\encoding latin1\ninsert into public.orders values (2, 'größe');\r\n", "latin1"));
    put("04-owner.sql", "create role nobody_here;\nalter table public.orders owner to nobody_here;\n");
    const said = await stack.start();
    expect(said).toContain("The demo was left out: public.customers is not one of cdc:tables.");
    const { client, feed } = await clientsOf(stack);
    try {
      const { rows } = await client.query(
        "select id, what, tableowner from public.orders, pg_tables where tablename = 'orders' order by id",
      );
      expect(rows).toEqual([
        { id: "1", what: "packed", tableowner: "nobody_here" },
        { id: "2", what: "größe", tableowner: "nobody_here" },
      ]);
      const slots = await client.query("select plugin from pg_replication_slots where slot_name = 'of_the_file'");
      expect(slots.rows).toEqual([{ plugin: "pgoutput" }]);
      expect((await feed.arrived(2, 0, "public.orders")).map(({ op, after }) => [op, after])).toEqual([
        ["snapshot", { id: 1, what: "packed" }],
        ["snapshot", { id: 2, what: "größe" }],
      ]);
    } finally {
      await client.end();
    }
  },
  UP_MS,
);

test(
  "a server setting that Postgres refuses: the up ends with its words; with a right one the rows are still there",
  async () => {
    const set = (name: string, value: string) =>
      stack.pulumi("config", "set", "--path", `postgresConfig.${name}`, value);
    await set("max_slot_wal_keep_size", "4 apples");
    await expect(stack.up()).rejects.toThrow(
      'this server refuses its settings: invalid value for parameter "max_slot_wal_keep_size": "4 apples"',
    );
    await set("max_slot_wal_keep_size", "20GB");
    // What a server notices only while it starts.
    await set("shared_preload_libraries", "no_such_library");
    await expect(stack.up()).rejects.toThrow('this server does not start: could not access file "no_such_library"');
    await stack.pulumi("config", "rm", "--path", "postgresConfig.shared_preload_libraries");
    await stack.up();
    const { client } = await clientsOf(stack);
    try {
      const { rows } = await client.query(
        "select current_setting('max_slot_wal_keep_size'), count(*) from public.orders",
      );
      expect(rows).toEqual([{ current_setting: "20GB", count: "2" }]);
    } finally {
      await client.end();
    }
  },
  UP_MS,
);

test(
  "another database or superuser comes too late: refused before anything is changed",
  async () => {
    const said = await stack.refusal("preview", { database: "store", user: "me" });
    expect(said).toContain('cdc:database is "store", but this stack\'s Postgres was made with "cdctest"');
    expect(said).toContain('cdc:user is "me", but this stack\'s Postgres was made with "cdctest"');
    expect(await stack.refusal("up", { database: "store" })).toContain("`pulumi config set database cdctest`");
  },
  UP_MS,
);

test(
  "a file that is put there later: it is said that it will not run",
  async () => {
    put("05-later.sql", "create table public.later ();");
    expect(await stack.pulumi("preview")).toContain("05-later.sql of cdc:initFolder will not run");
  },
  UP_MS,
);
