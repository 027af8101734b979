import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client, type PoolClient } from "pg";
import { clientOptions } from "../../components/database/client";
import type { Row } from "../../consumer/change/row";
import type { NetEffect } from "../../examples/sink/net-effect";
import { Targets } from "../../examples/sink/targets";
import { EmbeddedPostgres } from "../support/database/embedded-postgres";

const NOTHING: NetEffect = { keys: [["id"]], truncated: false, deleted: [], written: [] };

let postgres: EmbeddedPostgres;
let client: Client;

const targetOf = (table: string, targets = new Targets()) =>
  targets.of(client as unknown as PoolClient, `public.${table}`);
const apply = async (table: string, effect: Partial<NetEffect>) =>
  (await targetOf(table))!.apply(client as unknown as PoolClient, { ...NOTHING, ...effect });
const write = (table: string, ...written: Row[]) => apply(table, { written });

beforeAll(async () => {
  postgres = await EmbeddedPostgres.start();
  await postgres.query("SELECT 1");
  client = new Client(clientOptions(postgres.at()));
  await client.connect();
}, 60_000);
afterAll(async () => {
  await client?.end();
  await postgres?.stop();
});

test("values reach columns of domains, of domains over domains, of their arrays, and of arrays with another delimiter", async () => {
  await client.query(`CREATE DOMAIN raw AS bytea; CREATE DOMAIN rawer AS raw; CREATE DOMAIN many AS raw[]; CREATE DOMAIN boxed AS box;
    CREATE TABLE kinds (id int PRIMARY KEY, a rawer, b raw[], c many, d box[], e boxed[], f bytea[])`);
  const bytes = "AP8=";
  const boxes = ["(2,2),(1,1)", null];
  const row = { id: 1, a: bytes, b: [bytes, null], c: [bytes], d: boxes, e: boxes, f: '[0:0]={"\\\\x00ff"}' };
  await write("kinds", row);
  const { rows } = await client.query("SELECT a::text, b::text, c::text, d::text, e::text, f::text FROM kinds");
  expect(rows).toEqual([
    {
      ...{
        a: "\\x00ff",
        b: '{"\\\\x00ff",NULL}',
        c: '{"\\\\x00ff"}',
        d: "{(2,2),(1,1);NULL}",
        e: "{(2,2),(1,1);NULL}",
      },
      f: '[0:0]={"\\\\x00ff"}',
    },
  ]);
});

test("values reach columns that have other forms in changes, and types with the names of such types", async () => {
  await client.query(`CREATE SCHEMA own; CREATE TYPE own.date AS ENUM ('-0043-x'); CREATE TYPE own.bytea AS (word text);
    CREATE TABLE forms (id int PRIMARY KEY, a date, b date[], c timestamp, d timestamptz, e point, f own.date, g own.bytea, h date)`);
  const moment = "-0043-03-15T12:00:00.000000Z";
  const row = { a: "-0043-03-15Z", b: ["0000-01-01Z", "+99999-01-01Z"], c: moment, d: moment, f: "-0043-x", g: "(x)" };
  await write("forms", { id: 1, ...row, e: { x: "NaN", y: "Infinity" }, h: "+294276-12-31Z" });
  await client.query("SET timezone = 'UTC'");
  const { rows } = await client.query("SELECT forms::text FROM forms");
  expect(rows).toEqual([
    {
      forms:
        '(1,"0044-03-15 BC","{""0001-01-01 BC"",99999-01-01}","0044-03-15 12:00:00 BC","0044-03-15 12:00:00+00 BC","(NaN,Infinity)",-0043-x,"(x)",294276-12-31)',
    },
  ]);
});

test("a table that is made later is copied from then on, and what was left out is said, with the way to fill it", async () => {
  const said: string[] = [];
  const targets = new Targets((sentence) => said.push(sentence));
  const of = () => targetOf("late", targets);
  expect([await of(), await of()]).toEqual([undefined, undefined]);
  expect(said).toEqual(["the sink has no table public.late: its changes are left out"]);
  await client.query("CREATE TABLE late (id int PRIMARY KEY)");
  const target = await of();
  await target!.apply(client as unknown as PoolClient, { ...NOTHING, written: [{ id: 1 }] });
  await of();
  expect((await client.query("SELECT id FROM late")).rows).toEqual([{ id: 1 }]);
  expect(said.slice(1)).toEqual([
    expect.stringMatching(
      /^the sink has a table public\.late now, .* npm run replay -- --beginning --table 'public\.late'$/,
    ),
  ]);
});

describe("a column that has less room than the captured one", () => {
  beforeAll(async () => {
    await client.query(`CREATE DOMAIN short AS varchar(3); CREATE DOMAIN price AS numeric(10,2);
      CREATE TABLE narrow (id int PRIMARY KEY, a varchar(3), b char(3), c bit(3), d short, e varchar(3)[], f short[],
        g numeric(10,2), h price, i timestamp(0), j numeric(10,2)[])`);
  });

  test.each([
    ["a", "abcd"],
    ["b", "abcd"],
    ["c", "1011"],
    ["d", "abcd"],
    ["e", ["abcd"]],
    ["f", ["abcd"]],
  ])("refuses a value that is too long, in column %s", async (column, value) => {
    await expect(write("narrow", { id: 1, [column]: value })).rejects.toThrow(
      /value too long for type|bit string length 4 does not match type bit\(3\)/,
    );
  });

  test.each([
    ["a", "ab  "],
    ["g", "1.239"],
    ["h", "1.239"],
    ["i", "2026-01-01T00:00:00.600000Z"],
    ["j", ["1.10", "1.239"]],
  ])("is named where it would round a value or cut its blanks, column %s", async (column, value) => {
    await expect(write("narrow", { id: 1, [column]: value })).rejects.toThrow(
      `"public"."narrow": the sink would cut or round ${column}: give it the length and decimals that the captured table has`,
    );
  });

  test("is named where it is in the key, also in a table without further columns", async () => {
    await client.query(`CREATE TABLE narrow_key (id numeric(10,1) PRIMARY KEY, word text);
      CREATE TABLE all_key (id numeric(10,1) PRIMARY KEY); INSERT INTO all_key VALUES (1.3)`);
    await expect(write("narrow_key", { id: "1.25", word: "x" })).rejects.toThrow("the sink would cut or round id");
    await expect(write("all_key", { id: "1.25" })).rejects.toThrow("the sink would cut or round id");
    await expect(write("all_key", { id: "1.31" })).rejects.toThrow("the sink would cut or round id");
    await write("all_key", { id: "1.3" });
  });

  test("is named where its type has no room", async () => {
    await client.query(
      "CREATE DOMAIN tiny AS real; CREATE TABLE kinds_of (id int PRIMARY KEY, a tiny, b real[], c date)",
    );
    for (const [column, value] of [
      ["a", 0.12345678901],
      ["b", [0.5, 0.12345678901]],
      ["c", "2026-01-01T10:00:00.000000Z"],
    ] as const)
      await expect(write("kinds_of", { id: 1, [column]: value } as Row)).rejects.toThrow(
        `the sink would cut or round ${column}: give it the type that the captured table has`,
      );
    await write("kinds_of", { id: 1, a: 0.1, b: [0.5, null], c: "2026-01-01Z" });
    expect((await client.query("SELECT a::text, b::text, c::text FROM kinds_of")).rows).toEqual([
      { a: "0.1", b: "{0.5,NULL}", c: "2026-01-01" },
    ]);
  });

  test("may be altered by a trigger that is meant", async () => {
    await client.query(`CREATE TABLE meant (id int PRIMARY KEY, n numeric(10,2));
      CREATE FUNCTION twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.n := 2 * new.n; RETURN new; END $$;
      CREATE TRIGGER twice BEFORE INSERT OR UPDATE ON meant FOR EACH ROW EXECUTE FUNCTION twice();
      ALTER TABLE meant ENABLE ALWAYS TRIGGER twice`);
    await write("meant", { id: 1, n: "1.25" });
    expect((await client.query("SELECT n FROM meant")).rows).toEqual([{ n: "2.50" }]);
    await expect(write("meant", { id: 1, n: "1.255" })).rejects.toThrow(
      "the sink would cut or round n: give it the length",
    );
  });

  test("takes what fits", async () => {
    await client.query("DELETE FROM narrow");
    const row = { a: "abc", b: "ab", c: "101", d: "abc", e: ["abc"], f: ["abc", null], g: "1.2", h: "NAN" };
    await write("narrow", { id: 1, ...row, i: "2026-01-01T00:00:00.000000Z", j: ["1.10", null] }, { id: 2 } as Row);
    await write("narrow", { id: 1, ...row, i: "infinity", j: null });
    const { rows } = await client.query(
      "SELECT a, b::text, c::text, d, e, f::text, g, h, i::text FROM narrow WHERE id = 1",
    );
    expect(rows).toEqual([
      { a: "abc", b: "ab", c: "101", d: "abc", e: ["abc"], f: "{abc,NULL}", g: "1.20", h: "NaN", i: "infinity" },
    ]);
  });
});

describe("the key of the changes", () => {
  test("has to be the table's primary key: a delete by customer would take all of the customer's orders", async () => {
    await client.query(
      "CREATE TABLE orders (id int PRIMARY KEY, customer_id int); INSERT INTO orders VALUES (1, 7), (2, 7)",
    );
    const byCustomer = { keys: [["customer_id"]] };
    const refusal =
      '"public"."orders" has the primary key id, and the changes have the key customer_id: they have to be the same';
    await expect(apply("orders", { ...byCustomer, deleted: [{ customer_id: 7 }] })).rejects.toThrow(refusal);
    await expect(apply("orders", { ...byCustomer, written: [{ id: 3, customer_id: 7 }] })).rejects.toThrow(refusal);
    expect((await client.query("SELECT id FROM orders")).rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("has to have each column of it, in any order, and none that the index only includes", async () => {
    await client.query("CREATE TABLE parts (a int, b int, c int, PRIMARY KEY (a, b) INCLUDE (c))");
    await apply("parts", { keys: [["b", "a"]], written: [{ a: 1, b: 2, c: 3 }] });
    await apply("parts", { keys: [["b", "a"]], written: [{ a: 1, b: 2, c: 4 }] });
    expect((await client.query("SELECT * FROM parts")).rows).toEqual([{ a: 1, b: 2, c: 4 }]);
    await expect(apply("parts", { keys: [["a"]], deleted: [{ a: 1 }] })).rejects.toThrow("have the key a:");
  });

  test("is missed in a table without one", async () => {
    await client.query("CREATE TABLE loose (id int)");
    await expect(apply("loose", { deleted: [{ id: 1 }] })).rejects.toThrow('"public"."loose" has no primary key');
  });
});
