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
  const { host, port, user, password, database } = postgres.at();
  process.env["SINK_URL_FILE"] = join(folder, "url");
  writeFileSync(process.env["SINK_URL_FILE"], `postgres://${user}:${password}@${host}:${port}/${database}`);
  const log = { warn: (sentence: string) => said.push(sentence) };
  sink = await handler.setup({ log, signal: new AbortController().signal } as never);
}, 60_000);
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
  }) as Change;
const batch = async (changes: Change[], arrival: Partial<Arrival> = {}) =>
  handler.handleBatch(changes, { arrivalOf: () => ({ lagMs: null, ...arrival }) } as unknown as BatchContext, sink);
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
