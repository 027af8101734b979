import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { ConnectorInputs, ConnectorOutputs } from "../../../../components/connector/connector-types";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { connect, inputs, NAME, provider, said, sourceConfig, useFakeConnect } from "../setting";

useFakeConnect();

let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE public.t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE public.t");
});
afterAll(() => server.stop());

const make = (slot: string) => server.query(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
const slots = async () =>
  (await server.query("SELECT slot_name FROM pg_replication_slots")).map(
    (row) => (row as { slot_name: string }).slot_name,
  );

/** A connector that has read slot `s`. */
let olds: ConnectorOutputs;
beforeEach(async () => {
  await server.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
  await make("s");
  const [row] = await server.query("SELECT confirmed_flush_lsn - '0/0' AS at FROM pg_replication_slots");
  connect.add(NAME, { ...sourceConfig("initial"), name: NAME }).offsets = [
    { partition: { server: "p" }, offset: { lsn: Number((row as { at: string }).at) } },
  ];
  connect.requests.length = 0;
  olds = { ...now("initial", "s"), tasks: [], topics: [], pluginVersion: "", pendingSnapshots: [] };
});

const now = (mode: string, slot = "other", change: Partial<ConnectorInputs> = {}): ConnectorInputs =>
  inputs({
    config: sourceConfig(mode, { "slot.name": slot }),
    database: server.at(),
    ...{ readyTimeoutSeconds: 2, keepSlot: false },
    ...change,
  });
/** Nothing streams from a slot here, so an update that is not refused ends with an error about that. */
const update = (news: ConnectorInputs) =>
  provider.update(NAME, olds, news).then(
    () => "",
    ({ message }: Error) => message,
  );

test("another slot.name is refused for what the former slot still holds, and not as one that was dropped", async () => {
  const words =
    /[sS]lot.name s -> other: replication slot other is yet to be made, and begins then, so the .* unless slot.name stays s/;
  expect(await update(now("initial"))).toMatch(words);
  expect(connect.writes).toEqual([]);
  const { failures } = await provider.check({ ...olds, state: "RUNNING" }, now("initial"));
  expect(failures).toEqual([{ property: 'config["snapshot.mode"]', reason: expect.stringMatching(words) }]);
});

test("a slot of that name that begins later is told with its place", async () => {
  await server.query("CREATE TABLE more (id int)");
  await make("other");
  expect(await update(now("initial"))).toMatch(/replication slot other begins at 0\//);
});

test("where all rows are read again, the former slot goes as well", async () => {
  await update(now("when_needed"));
  expect(await slots()).toEqual([]);
  expect(connect.requests).toContain(`DELETE /connectors/${NAME}/offsets`);
});

test("a former slot that is to be kept stays", async () => {
  await update(now("when_needed", "other", { keepSlot: true }));
  expect(await slots()).toEqual(["s"]);
});

test("a copy of the former slot goes on where that was", async () => {
  await server.query("SELECT pg_copy_logical_replication_slot('s', 'other')");
  expect(await update(now("initial"))).not.toContain("lost to the topics");
  expect(connect.requests).not.toContain(`DELETE /connectors/${NAME}/offsets`);
  expect(await slots()).toHaveLength(2);
});

test("the former slot that is left is told with its statement", async () => {
  await server.query("SELECT pg_copy_logical_replication_slot('s', 'other')");
  await provider.update(NAME, olds, now("initial", "other", { state: "PAUSED" }));
  expect(said.join()).toContain("SELECT pg_drop_replication_slot('s');");
});
