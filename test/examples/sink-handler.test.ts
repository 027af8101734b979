import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Change } from "../../consumer/change/change-event";
import type { Arrival } from "../../consumer/change/change-json";
import type { BatchContext } from "../../consumer/delivery/handler";
import { handle } from "../../examples/sink/handler";
import { EmbeddedPostgres } from "../support/database/embedded-postgres";

/** The example as the consumer runs it, with a second database of its own. */
const handler = handle as Required<Extract<typeof handle, { handleBatch: unknown }>>;
const folder = mkdtempSync(join(tmpdir(), "cdc-sink-"));
const said: string[] = [];
let postgres: EmbeddedPostgres;
let sink: Awaited<ReturnType<typeof handler.setup>>;

beforeAll(async () => {
  postgres = await EmbeddedPostgres.start();
  await postgres.query(
    "CREATE TABLE cdc_places (topic text, partition int, place text NOT NULL, PRIMARY KEY (topic, partition))",
  );
  await postgres.query("CREATE TABLE people (id int PRIMARY KEY, name text)");
  const { user, password } = postgres.at();
  sink = await sinkOf(`${user}:${password}`);
}, 60_000);

async function sinkOf(login: string): Promise<Awaited<ReturnType<typeof handler.setup>>> {
  const { host, port, database } = postgres.at();
  process.env["SINK_URL_FILE"] = join(folder, "url");
  writeFileSync(process.env["SINK_URL_FILE"], `postgres://${login}@${host}:${port}/${database}`);
  const log = { warn: (sentence: string) => said.push(sentence) };
  return handler.setup({ log, signal: new AbortController().signal } as never);
}

afterAll(async () => {
  if (sink !== undefined) await handler.close(sink);
  delete process.env["SINK_URL_FILE"];
  rmSync(folder, { recursive: true });
  await postgres?.stop();
});

const at = (commit: string, number = 1) => `${commit.padStart(16, "0")}-${String(number).padStart(12, "0")}`;
const change = (op: "snapshot" | "create", eventId: string, id: number): Change =>
  ({
    ...{
      topic: "cdc.public.people",
      partition: 0,
      offset: String(id),
      table: "public.people",
      key: { id },
      before: null,
    },
    ...{ op, eventId: op === "snapshot" ? `${eventId} public.people {"id":${id}}` : eventId, after: { id, name: "x" } },
  }) as unknown as Change;
const CONTEXT = { arrivalOf: (): Arrival => ({ lagMs: null }) } as unknown as BatchContext;
const batch = async (changes: Change[], to = sink) => handler.handleBatch(changes, CONTEXT, to);
const of = (table: string, after: object): Change =>
  ({
    ...change("create", at("C0", ++number), 1),
    ...{ topic: `cdc.${table}`, table, after: { id: 1, ...after } },
  }) as unknown as Change;
let number = 0;
const ids = async () => (await postgres.query<{ id: number }>("SELECT id FROM people ORDER BY id")).map(({ id }) => id);

test("a first snapshot and its stream are copied once, and another database's snapshot is refused", async () => {
  const snapshot = [change("snapshot", at("B0"), 1), change("snapshot", at("B0"), 2)];
  await batch(snapshot);
  await batch([change("create", at("B1"), 3)]);
  await postgres.query("DELETE FROM people WHERE id = 1");
  await batch(snapshot);
  expect(await ids()).toEqual([2, 3]);

  await expect(batch([change("snapshot", at("A0"), 4)])).rejects.toThrow("an older copy. Empty the sink's table");
  await batch([change("create", at("A1"), 5)]);
  expect(said).toEqual([
    expect.stringMatching(/^left out, which is right after a kill of this process, else: public\.people:/),
  ]);
  expect(await ids()).toEqual([2, 3]);
});

test("foreign keys and triggers of a dumped schema do nothing, and a TRUNCATE of a table that others refer to empties it", async () => {
  await postgres.query(`CREATE TABLE parent (id int PRIMARY KEY, n int); CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent);
    CREATE FUNCTION add() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.n := new.n + 1; RETURN new; END $$;
    CREATE TRIGGER add BEFORE INSERT ON parent FOR EACH ROW EXECUTE FUNCTION add()`);
  await batch([of("public.child", { parent: 7 })]);
  await batch([of("public.parent", { n: 1 })]);
  expect(await postgres.query("SELECT parent, n FROM parent, child")).toEqual([{ parent: 7, n: 1 }]);
  await batch([{ ...of("public.parent", {}), op: "truncate", key: null, after: null } as Change]);
  expect(await postgres.query("SELECT FROM parent")).toEqual([]);
  expect(said.filter((sentence) => sentence.includes("trigger"))).toEqual([
    `"public"."parent": the trigger add does nothing for what the sink writes, as in Postgres' own replication; ALTER TABLE … ENABLE ALWAYS TRIGGER has one work that is meant`,
  ]);
});

test("a user who may not have them do nothing is told", async () => {
  await postgres.query(`CREATE ROLE plain LOGIN PASSWORD 'plain'; GRANT ALL ON ALL TABLES IN SCHEMA public TO plain;
    GRANT CREATE ON SCHEMA public TO plain; CREATE TABLE free (id int PRIMARY KEY, n int); GRANT ALL ON free TO plain`);
  const plain = await sinkOf("plain:plain");
  try {
    await batch([of("public.free", { n: 1 })], plain);
    for (const [table, what] of [
      ["child", "the foreign key child_parent_fkey"],
      ["parent", "the foreign key child_parent_fkey, the trigger add"],
    ]) {
      const refusal = `"public"."${table}" has ${what}, by which the copy would be another: let the sink's user leave them out`;
      await expect(batch([of(`public.${table}`, { n: 1 })], plain)).rejects.toThrow(refusal);
    }
  } finally {
    await handler.close(plain);
  }
});

test("values are read in the same way whatever the second database is set to", async () => {
  await postgres.query(`CREATE TABLE set_up (id int PRIMARY KEY, words text[], doc xml);
    ALTER DATABASE postgres SET array_nulls = off; ALTER DATABASE postgres SET xmloption = document`);
  const { user, password } = postgres.at();
  const set = await sinkOf(`${user}:${password}`);
  try {
    await batch([of("public.set_up", { words: ["a", null], doc: "<a/><b/>" })], set);
    expect(await postgres.query("SELECT words, doc::text FROM set_up")).toEqual([
      { words: ["a", null], doc: "<a/><b/>" },
    ]);
  } finally {
    await handler.close(set);
  }
});
