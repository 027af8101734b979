import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { shapesOf } from "../../../commands/verify/compared-table";
import { printingSession } from "../../../commands/verify/rows/database-rows";
import { readStock } from "../../../components/capture/tables/stock-columns";
import { clientOptions } from "../../../components/database/client";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

/** What the catalogue says of the tables that are compared. */
let server: EmbeddedPostgres;
let client: Client;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query(`
    create table public.orders (id int primary key, tags text[], at timestamptz(3), place point, words name);
    create table public.plain (id int primary key);
    create publication p for all tables;
    create role reader login password 'reader';
    grant select on all tables in schema public to reader;
    alter table public.orders enable row level security`);
  client = new Client(clientOptions(server.at("reader")));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.stop();
});

test("a table of which row level security hides rows is known, and never read in part", async () => {
  const shapes = await shapesOf(client, "p");
  expect(shapes.map(({ name, hidden }) => [name, hidden])).toEqual([
    ["public.orders", true],
    ["public.plain", false],
  ]);
  await client.query(printingSession("reader"));
  await expect(client.query("select from public.orders")).rejects.toMatchObject({ code: "42501" });
  await client.query("select from public.plain; reset all");
});

test("PostgreSQL 13, whose types have no typsubscript: arrays are known by their length", async () => {
  const [shapes, stock] = [await shapesOf(client, "p"), await readStock(client)];
  expect(shapes[0]!.columns.map(({ type }) => type.element?.name)).toEqual([
    undefined,
    "text",
    undefined,
    undefined,
    undefined,
  ]);
  await server.query(`create schema old; grant usage on schema old to reader;
    do $$ begin execute (select 'create view old.pg_type as select ' || string_agg(attname, ', ') || ' from pg_catalog.pg_type'
      from pg_attribute where attrelid = 'pg_type'::regclass and attnum > 0 and attname <> 'typsubscript'); end $$;
    grant select on old.pg_type to reader`);
  await client.query("set search_path = old, pg_catalog, public");
  await expect(client.query("select typsubscript from pg_type")).rejects.toMatchObject({ code: "42703" });
  expect(await shapesOf(client, "p")).toEqual(shapes);
  expect((await readStock(client)).columns).toEqual(stock.columns);
});
