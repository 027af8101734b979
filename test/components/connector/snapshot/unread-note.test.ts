import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { ConnectorInputs, ConnectorOutputs } from "../../../../components/connector/connector-types";
import { noteUnread, notedUnread } from "../../../../components/connector/snapshot/unread-note";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { connect, inputs, NAME, provider, sourceConfig, useFakeConnect } from "../setting";

useFakeConnect();

let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query(
    "CREATE TABLE public.t (id int PRIMARY KEY); CREATE TABLE public.u (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE public.t, public.u; " +
      "CREATE SCHEMA cdc; CREATE TABLE cdc.signals (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data text); " +
      "CREATE TABLE cdc.captured (schema text, name text, untold text); " +
      "INSERT INTO cdc.captured VALUES ('public', 't', 'unread'), ('public', 'u', 'unread'), ('public', 'v', 'altered')",
  );
});
afterAll(() => server.stop());
beforeEach(() => server.query("DELETE FROM cdc.signals"));

const CONFIG = sourceConfig("initial", {
  "table.include.list": "public\\.t,public\\.u",
  "signal.data.collection": "cdc.signals",
  "notification.enabled.channels": "sink",
});
/** No Kafka answers there, so that tables which are due cannot be read. */
const declared = (change: Partial<ConnectorInputs> = {}) =>
  inputs({
    ...{ config: CONFIG, database: server.at(), bootstrapServers: "127.0.0.1:1", readyTimeoutSeconds: 2 },
    ...change,
  });
/** What a failed update or create leaves in the state. */
const failed = (run: Promise<unknown>): Promise<Partial<ConnectorOutputs>> =>
  run.then(
    () => ({}),
    (error: Error & { properties?: ConnectorOutputs }) => error.properties ?? {},
  );

test("tables that an apply has not come to read are noted, and the next one knows them where the state was lost", async () => {
  connect.add(NAME, { ...CONFIG, "table.include.list": "public\\.t", name: NAME });
  const olds = { ...declared({ config: { ...CONFIG, "table.include.list": "public\\.t" } }), tasks: [], topics: [] };
  const left = await failed(
    provider.update(NAME, { ...olds, pluginVersion: "", pendingSnapshots: [] } as ConnectorOutputs, declared()),
  );
  expect(left.pendingSnapshots).toEqual(["public.u"]);
  expect(await server.query("SELECT id, type FROM cdc.signals")).toEqual([{ id: "unread-tables", type: "log" }]);

  // Without a state the connector in Kafka Connect has the table already, so that it would count as read.
  expect((await failed(provider.create(declared()))).pendingSnapshots).toEqual(["public.u"]);
}, 60_000);

test("the capture's notes tell of the tables that are still to be read, and no longer of those that were", async () => {
  const noted = () => server.query("SELECT name, untold FROM cdc.captured ORDER BY name");
  const [v, u, t] = [{ name: "v", untold: "altered" }, "u", "t"];
  await noteUnread(declared(), ["public.u"]);
  expect(await noted()).toEqual([{ name: t, untold: null }, { name: u, untold: "unread" }, v]);
  // Also where the connector cannot read tables, or has nothing to read.
  await noteUnread(declared({ bootstrapServers: undefined }), []);
  expect(await noted()).toEqual([{ name: t, untold: null }, { name: u, untold: null }, v]);
});

test("a note goes with the last table that is read, and names none that the connector no longer has", async () => {
  await noteUnread(declared(), ["public.u", "public.gone"]);
  expect(await notedUnread(declared())).toEqual(["public.u"]);
  await noteUnread(declared(), []);
  expect(await server.query("SELECT FROM cdc.signals")).toEqual([]);
});

test("a database that does not answer, or has no such table, notes nothing and ends nothing", async () => {
  const away = declared({ database: { ...server.at(), port: 1 } });
  await noteUnread(away, ["public.u"]);
  expect(await notedUnread(away)).toEqual([]);
  expect(await notedUnread(declared({ config: { ...CONFIG, "signal.data.collection": "cdc.none" } }))).toEqual([]);
});
