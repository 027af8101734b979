import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client, type PoolClient } from "pg";
import { clientOptions } from "../../components/database/client";
import { Targets } from "../../examples/sink/targets";
import { EmbeddedPostgres } from "../support/database/embedded-postgres";

let postgres: EmbeddedPostgres;
let client: Client;

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
  const target = await new Targets().of(client as unknown as PoolClient, "public.kinds");
  await target!.apply(client as unknown as PoolClient, { truncated: false, deleted: [], written: [row] });
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

test("a table that is made later is copied from then on, and what was left out is said, with the way to fill it", async () => {
  const said: string[] = [];
  const targets = new Targets((sentence) => said.push(sentence));
  const of = () => targets.of(client as unknown as PoolClient, "public.late");
  expect([await of(), await of()]).toEqual([undefined, undefined]);
  expect(said).toEqual(["the sink has no table public.late: its changes are left out"]);
  await client.query("CREATE TABLE late (id int PRIMARY KEY)");
  const target = await of();
  await target!.apply(client as unknown as PoolClient, { truncated: false, deleted: [], written: [{ id: 1 }] });
  await of();
  expect((await client.query("SELECT id FROM late")).rows).toEqual([{ id: 1 }]);
  expect(said.slice(1)).toEqual([
    expect.stringMatching(
      /^the sink has a table public\.late now, .* npm run replay -- --beginning --table 'public\.late'$/,
    ),
  ]);
});
