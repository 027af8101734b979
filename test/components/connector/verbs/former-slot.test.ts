import { beforeEach, expect, test } from "@jest/globals";
import type { ConnectorInputs, ConnectorOutputs } from "../../../../components/connector/connector-types";
import { connect, inputs, NAME, provider, said, sourceConfig, useFakeConnect } from "../setting";
import { applied, makeSlot, offsetsOfSlot, server, slots, updated, useSourceServer } from "./source-server";

useFakeConnect();
useSourceServer("s");

/** A connector that has read slot `s`. */
let olds: ConnectorOutputs;
beforeEach(async () => {
  connect.add(NAME, { ...sourceConfig("initial"), name: NAME }).offsets = await offsetsOfSlot();
  connect.requests.length = 0;
  olds = applied(now("initial", "s"));
});

const now = (mode: string, slot = "other", change: Partial<ConnectorInputs> = {}): ConnectorInputs =>
  inputs({
    config: sourceConfig(mode, { "slot.name": slot }),
    database: server.at(),
    ...{ readyTimeoutSeconds: 2, keepSlot: false },
    ...change,
  });
const update = (news: ConnectorInputs) => updated(olds, news);

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
  await makeSlot("other");
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

test("the slot of a connector that no state knows stays, and is told: it may be another stack's", async () => {
  const other = sourceConfig("initial", { "slot.name": "other", "topic.prefix": "q" });
  const { failures } = await provider.check({} as ConnectorInputs, now("initial", "other", { config: other }));
  expect(failures).toEqual([]);
  await expect(provider.create(now("initial", "other", { config: other }))).rejects.toThrow();
  expect(connect.requests).toContain(`DELETE /connectors/${NAME}/offsets`);
  expect(await slots()).toEqual(["s"]);
});

test("so does the slot of a connector that another stack has put in the place of this one", async () => {
  const ours = sourceConfig("when_needed", { "slot.name": "other", "topic.prefix": "q" });
  olds = applied(now("when_needed", "other", { config: ours }));
  await update(now("when_needed", "other", { config: ours }));
  expect(connect.requests).toContain(`DELETE /connectors/${NAME}/offsets`);
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
