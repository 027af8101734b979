import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { withDatabase } from "../../../../components/connector/slot/connector-session";
import {
  readStock,
  type StockFacts,
  stockNotes,
  stockRefusals,
} from "../../../../components/capture/tables/stock-columns";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
let facts: StockFacts;

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE DATABASE stock");
  const at = server.at("super", "stock");
  await server.query(
    `CREATE TYPE feeling AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a int, b text); CREATE DOMAIN dom AS text; CREATE DOMAIN tags AS text[];
     CREATE DOMAIN feelings AS feeling[];
     CREATE TABLE whole (id int PRIMARY KEY, name text, price numeric(9, 2), feeling feeling, dom dom, span tstzrange, words text[], tags tags);
     CREATE TABLE forms (id int PRIMARY KEY, pair pair, spans int4multirange, opens timetz, flag bit, day date, clock time, double int GENERATED ALWAYS AS (id * 2) STORED);
     CREATE TABLE lost (id int PRIMARY KEY, flags varbit, feelings feelings, doms dom[], pairs pair[], cursor refcursor, vector oidvector, "odd.name" xml[]);
     CREATE TABLE other (id int PRIMARY KEY, anything varbit);
     CREATE TABLE moments (id int PRIMARY KEY, clocks time[], days date[], stamps timestamp[], zoned timestamptz[], sums numeric[], rough numeric(3, -2))`,
    at,
  );
  facts = await withDatabase(at, readStock);
});
afterAll(() => server.stop());

const STOCK = { stock: { leftOut: "" }, replicaIdentity: "FULL" } as const;

test("types that Debezium as it is published reads whole are accepted, and only captured tables are checked", () => {
  expect(stockRefusals(STOCK, ["public.whole", "public.forms"], [], facts)).toEqual([]);
  expect(stockRefusals({ ...STOCK, stock: undefined }, ["public.lost"], [], facts)).toEqual([]);
});

test("those of which it loses values are refused by name, with the list that leaves them out", () => {
  expect(stockRefusals(STOCK, ["public.lost"], [], facts)).toEqual([
    "public.lost.flags (bit varying), public.lost.feelings (feelings), public.lost.doms (dom[]), public.lost.pairs (pair[]), " +
      "public.lost.cursor (refcursor), public.lost.vector (oidvector), public.lost.odd.name (xml[]): Debezium as it is published does not " +
      "write all values of such a type.",
    "Leave out what nobody needs: `pulumi config set --path 'connectorConfig[\"column.exclude.list\"]' " +
      String.raw`'public\.lost\.flags,public\.lost\.feelings,public\.lost\.doms,public\.lost\.pairs,public\.lost\.cursor,public\.lost\.vector,public\.lost\.odd\.name'` +
      "`; or change the columns' types; or capture with a worker of the stack's own, which writes all values.",
  ]);
  const leftOut = String.raw`PUBLIC\.LOST\.(flags|feelings|doms|pairs|cursor),.*\.vector`;
  const [said, way] = stockRefusals({ ...STOCK, stock: { leftOut } }, ["public.lost"], [], facts);
  expect(said).toMatch(/^public\.lost\.odd\.name \(xml\[\]\): /);
  // Columns that were left out stay left out.
  expect(way).toContain(String.raw`'${leftOut},public\.lost\.odd\.name'`);
});

test("an array that an UPDATE does not change is written when old rows are logged whole, and refused otherwise", () => {
  const refused = (identity: "FULL" | "DEFAULT", keyOnly: string[]): string[] =>
    stockRefusals({ ...STOCK, replicaIdentity: identity }, ["public.whole"], keyOnly, facts);
  expect(refused("FULL", [])).toEqual([]);
  for (const sentences of [refused("DEFAULT", []), refused("FULL", ["public.whole"])])
    expect(sentences[0]).toMatch(
      /^public\.whole\.words \(text\[\]\), public\.whole\.tags \(tags\): .* Set replicaIdentity to FULL\.$/,
    );
});

test("other forms, and altered values, are reported by column", () => {
  expect(stockNotes(STOCK, ["public.forms", "public.whole"], facts)).toEqual([
    "as base64 of what Postgres prints: public.forms.pair (pair), public.forms.spans (int4multirange)",
    "in a form of Debezium's own: public.forms.opens (time with time zone), public.forms.flag (bit(1))",
    "altered where a value is one of these (infinity, years before Christ): public.forms.day (date)",
    "altered where a value is one of these (24:00:00): public.forms.clock (time without time zone)",
    "altered where a value is one of these (more than one dimension, other lower bounds): public.whole.words (text[]), public.whole.tags (tags)",
  ]);
});

test("in arrays, it reports the values that only arrays alter, and scales below zero", () => {
  const lists = "more than one dimension, other lower bounds";
  expect(stockNotes(STOCK, ["public.moments"], facts)).toEqual([
    `altered where a value is one of these (${lists}, microseconds, 24:00:00): public.moments.clocks (time without time zone[])`,
    `altered where a value is one of these (${lists}, infinity, years before Christ): public.moments.days (date[])`,
    `altered where a value is one of these (${lists}, infinity, days before 15 October 1582): public.moments.stamps (timestamp without time zone[])`,
    `altered where a value is one of these (${lists}, years before Christ): public.moments.zoned (timestamp with time zone[])`,
    `altered where a value is one of these (${lists}, NaN, infinity): public.moments.sums (numeric[])`,
    "with 2,046 zeros behind the point: public.moments.rough (numeric(3,-2))",
  ]);
});

test("a type or table of somebody's own that is called as one of Postgres' types is refused", async () => {
  const at = server.at("super", "stock");
  await server.query("CREATE TYPE money AS (amount numeric, currency text); CREATE TABLE point (id int)", at);
  const { namesakes } = await withDatabase(at, readStock);
  expect(namesakes).toEqual(["public.money", "public.point"]);
  expect(stockRefusals(STOCK, [], [], { columns: [], namesakes })[0]).toMatch(
    "Type public.money has the name of one of Postgres' own, and Debezium as it is published knows types by name only",
  );
});
