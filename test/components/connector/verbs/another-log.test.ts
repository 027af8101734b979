import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { ConnectorInputs, ConnectorOutputs } from "../../../../components/connector/connector-types";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { connect, inputs, NAME, provider, sourceConfig, useFakeConnect } from "../setting";

useFakeConnect();

let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE public.t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE public.t");
});
afterAll(() => server.stop());

const CONFIG = sourceConfig("initial");

/** The connector as it was with the database at another address, with an offset of that database's log. */
function before(change: Partial<ConnectorInputs> = {}): ConnectorOutputs {
  connect.add(NAME, { ...CONFIG, name: NAME });
  connect.connectors.get(NAME)!.offsets = [{ partition: { server: "p" }, offset: { lsn: 4096 } }];
  connect.requests.length = 0;
  const olds = { ...inputs({ config: CONFIG }), database: { ...server.at(), host: "former.example" }, ...change };
  return { ...olds, tasks: [], topics: [], pluginVersion: "", pendingSnapshots: [] };
}

const now = (change: Partial<ConnectorInputs> = {}) =>
  inputs({ config: CONFIG, database: server.at(), readyTimeoutSeconds: 2, ...change });

/** What an update ends with. Nothing streams from the slot here, so it always ends with an error. */
const updated = (olds: ConnectorOutputs, news: ConnectorInputs) =>
  provider.update(NAME, olds, news).then(
    () => "",
    ({ message }: Error) => message,
  );
const isReset = () => connect.requests.includes(`DELETE /connectors/${NAME}/offsets`);

beforeEach(() => server.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"));

test("in another database the connector begins anew: its offsets are of the former one's log", async () => {
  expect(await updated(before({ captureId: "a" }), now({ captureId: "b" }))).not.toContain("was dropped");
  expect(isReset()).toBe(true);
});

test("a state without the capture's id tells another database by a slot that is not there", async () => {
  expect(await updated(before(), now({ captureId: "b" }))).not.toContain("was dropped");
  expect(isReset()).toBe(true);
});

test("a check of another database refuses no slot that is missing there for offsets of the former one", async () => {
  const { failures } = await provider.check(
    { ...before({ captureId: "a" }), state: "RUNNING" },
    now({ captureId: "b" }),
  );
  expect(failures).toEqual([]);
});

test("under another address of the same database, a slot that was dropped is a loss, as before", async () => {
  expect(await updated(before({ captureId: "a" }), now({ captureId: "a" }))).toContain(
    "Replication slot s was dropped",
  );
  expect(isReset()).toBe(false);
});

test("under another address of the same database the connector goes on where it was", async () => {
  await server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
  const { confirmed } = (
    await server.query("SELECT confirmed_flush_lsn - '0/0' AS confirmed FROM pg_replication_slots")
  )[0] as { confirmed: string };
  const olds = before({ captureId: "a" });
  connect.connectors.get(NAME)!.offsets = [{ partition: {}, offset: { lsn: Number(confirmed) } }];
  await updated(olds, now({ captureId: "a" }));
  expect(isReset()).toBe(false);
  expect(await server.query("SELECT slot_name FROM pg_replication_slots")).toEqual([{ slot_name: "s" }]);
});
