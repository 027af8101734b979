import { expect, test } from "@jest/globals";
import type { ConnectorInputs, ConnectorOutputs } from "../../../../components/connector/connector-types";
import { connect, inputs, NAME, provider, sourceConfig, useFakeConnect } from "../setting";
import { applied, makeSlot, offsetsOfSlot, server, slots, updated, useSourceServer } from "./source-server";

useFakeConnect();
useSourceServer();

const CONFIG = sourceConfig("initial");

/** The connector as it was with the database at another address, with an offset of that database's log. */
function before(change: Partial<ConnectorInputs> = {}): ConnectorOutputs {
  connect.add(NAME, { ...CONFIG, name: NAME });
  connect.connectors.get(NAME)!.offsets = [{ partition: { server: "p" }, offset: { lsn: 4096 } }];
  connect.requests.length = 0;
  return applied(inputs({ config: CONFIG, database: { ...server.at(), host: "former.example" }, ...change }));
}

const now = (change: Partial<ConnectorInputs> = {}) =>
  inputs({ config: CONFIG, database: server.at(), readyTimeoutSeconds: 2, ...change });

const isReset = () => connect.requests.includes(`DELETE /connectors/${NAME}/offsets`);

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
  await makeSlot("s");
  const olds = before({ captureId: "a" });
  connect.connectors.get(NAME)!.offsets = await offsetsOfSlot();
  await updated(olds, now({ captureId: "a" }));
  expect(isReset()).toBe(false);
  expect(await slots()).toEqual(["s"]);
});

test("in a database that was renamed the connector goes on where it was, with the name that it has now", async () => {
  await makeSlot("s");
  const { database } = server.at();
  const named = (dbname: string) => ({ ...CONFIG, "database.dbname": dbname });
  const olds = before({ captureId: "a", config: named("former"), database: { ...server.at(), database: "former" } });
  connect.connectors.get(NAME)!.offsets = await offsetsOfSlot();
  await updated(olds, now({ captureId: "a", config: named(database) }));
  expect(isReset()).toBe(false);
  expect(connect.connectors.get(NAME)!.config).toMatchObject({ "database.dbname": database });
  expect(await slots()).toEqual(["s"]);
});
