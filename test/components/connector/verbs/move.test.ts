import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { ConnectorInputs, ConnectorOutputs } from "../../../../components/connector/connector-types";
import { FakeConnect } from "../../../support/fakes/fake-connect";
import { connect, inputs, inputsFor, live, NAME, provider, said, sourceConfig, useFakeConnect } from "../setting";
import { applied, offsetsOfSlot, server, slots, updated, useSourceServer } from "./source-server";

useFakeConnect();
useSourceServer("s");

let former: FakeConnect;
let read: Awaited<ReturnType<typeof offsetsOfSlot>>;
beforeEach(async () => {
  former = await FakeConnect.start();
  former.worker = "10.0.0.9:8083";
  read = await offsetsOfSlot();
});
afterEach(() => former.vanish());

const CONFIG = sourceConfig("initial");
/** A copy for each connector, as a fake one changes its own. */
const offsets = () => structuredClone(read);
const now = (change: Partial<ConnectorInputs> = {}) =>
  inputs({ config: CONFIG, database: server.at(), readyTimeoutSeconds: 3, ...change });

/** The connector as it was in the former Connect. */
function before(change: Partial<ConnectorInputs> = {}): ConnectorOutputs {
  former.add(NAME, { ...CONFIG, name: NAME }).offsets = offsets();
  return applied(inputsFor(former.url, { config: CONFIG, database: server.at(), ...change }));
}
const update = (olds: ConnectorOutputs, news = now()) => updated(olds, news);

test("in another Connect on the same Kafka the connector goes on where it was, and leaves the former one", async () => {
  await update(before());
  expect(live()).toMatchObject({ state: "RUNNING", offsets: offsets() });
  expect(former.connectors.has(NAME)).toBe(false);
  expect(await slots()).toHaveLength(1);
  // It never runs in both.
  expect(former.writes[0]).toBe(`PUT /connectors/${NAME}/stop`);
  expect(connect.writes.slice(0, 3)).toEqual([
    "POST /connectors",
    `PUT /connectors/${NAME}/stop`,
    `DELETE /connectors/${NAME}/offsets`,
  ]);
});

test("in another Connect on another Kafka it begins anew: the records are not there", async () => {
  connect.clusterId = "another";
  await update(before({ kafkaCluster: "fake" }), now({ kafkaCluster: "another" }));
  expect(live()).toMatchObject({ state: "RUNNING", offsets: [] });
  expect(former.connectors.has(NAME)).toBe(false);
  expect(await slots()).toEqual([]);
});

test("offsets of an earlier time in another Kafka are not gone on from", async () => {
  const olds = before({ connectUrl: connect.url, kafkaCluster: "fake" });
  connect.add(NAME, { ...CONFIG, name: NAME }).offsets = offsets();
  await update(olds, now({ kafkaCluster: "another" }));
  expect(live()).toMatchObject({ state: "RUNNING", offsets: [] });
});

test("the same Connect under another address is left as it is", async () => {
  const olds = before({ connectUrl: connect.url.replace("127.0.0.1", "localhost") });
  connect.add(NAME, { ...CONFIG, name: NAME }).offsets = offsets();
  await update(olds);
  expect(connect.writes).toEqual([]);
});

test("a former Connect that does not answer is told, with what may come back there", async () => {
  const olds = before();
  await former.vanish();
  await update(olds);
  expect(said.join("\n")).toContain(`Should that Connect come back: curl -X DELETE ${former.url}/connectors/${NAME}`);
  expect(live()).toMatchObject({ state: "RUNNING", offsets: [] });
  expect(await slots()).toEqual([]);
});

test("another stack's connector of that name, at the address that the former one had, is left alone", async () => {
  const olds = before();
  former.connectors.get(NAME)!.config["slot.name"] = "other";
  await update(olds);
  expect(former.writes).toEqual([]);
});

test("a move that fails leaves the former one running", async () => {
  connect.mutate = (reply, request) => (request === "POST /connectors" ? { status: 400, body: "no room" } : reply);
  expect(await update(before())).toContain("no room");
  expect(former.connectors.get(NAME)).toMatchObject({ state: "RUNNING", offsets: offsets() });
});

test("another stack's connector of that name in the other Connect is not overwritten", async () => {
  const olds = before();
  connect.add(NAME, { ...CONFIG, "slot.name": "theirs" }).offsets = [{ partition: {}, offset: { lsn: 1 } }];
  const taken = `has another connector ${NAME} already (its slot.name is theirs, not s)`;
  expect((await provider.check(olds as never, now())).failures).toEqual(
    expect.arrayContaining([{ property: "connectorName", reason: expect.stringContaining(taken) }]),
  );
  expect(await update(olds)).toContain(taken);
  expect([...connect.writes, ...former.writes]).toEqual([]);
  // Nor where the former one does not tell, or has it no longer.
  former.connectors.clear();
  expect(await update(olds)).toContain(taken);
  await former.vanish();
  expect(await update(olds)).toContain(taken);
  expect(connect.writes).toEqual([]);
});

test("nothing is deleted in the former one while the other one does not tell what it has", async () => {
  const olds = before({ connectUrl: connect.url.replace("127.0.0.1", "localhost") });
  connect.add(NAME, { ...CONFIG, name: NAME }).offsets = offsets();
  let looks = 0;
  // The first look of each address tells, the next one fails once.
  connect.mutate = (reply, request) =>
    request.endsWith(`/${NAME}/config`) && ++looks % 2 === 0 ? { status: 500, body: "stale" } : reply;
  await update(olds);
  expect(connect.writes).toEqual([]);
  expect(live()).toMatchObject({ state: "RUNNING", offsets: offsets() });
});

test("a task that goes to another worker between two looks does not make one Connect two", async () => {
  const olds = before({ connectUrl: connect.url.replace("127.0.0.1", "localhost") });
  connect.add(NAME, { ...CONFIG, name: NAME }).offsets = offsets();
  let looks = 0;
  connect.mutate = (reply, request) => {
    if (request.endsWith("/status") && looks++ < 3) connect.worker = `10.0.0.${looks}:8083`;
    return reply;
  };
  await update(olds);
  expect(connect.writes).toEqual([]);
});

test("a move that was killed before the former connector was deleted goes on with the offsets that it had copied", async () => {
  const olds = before();
  Object.assign(former.connectors.get(NAME)!, { state: "STOPPED", offsets: [] });
  Object.assign(connect.add(NAME, { ...CONFIG, name: NAME }, "STOPPED"), { offsets: offsets() });
  await update(olds);
  expect(live()).toMatchObject({ state: "RUNNING", offsets: offsets() });
  expect(former.connectors.has(NAME)).toBe(false);
  expect(await slots()).toHaveLength(1);
});

test.each([
  ["the former one", "a refusal", offsets],
  ["the other one", "offsets that are forgotten", () => []],
])("where the former connector cannot be deleted, %s runs on: %s", async (who, _why, left) => {
  former.mutate = (reply, request) => {
    if (request !== `DELETE /connectors/${NAME}`) return reply;
    former.add(NAME, { ...CONFIG, name: NAME }, "STOPPED").offsets = left();
    return { status: 403, body: "not allowed" };
  };
  const olds = before();
  expect(await update(olds)).toContain("not allowed");
  const [here, there] = [live()!.state, former.connectors.get(NAME)!.state];
  expect([here, there]).toEqual(who === "the other one" ? ["RUNNING", "STOPPED"] : ["STOPPED", "RUNNING"]);
  former.mutate = undefined;
  await update(olds);
  expect(live()).toMatchObject({ state: "RUNNING", offsets: offsets() });
  expect(former.connectors.has(NAME)).toBe(false);
});

test("a connector that neither Connect has is told", async () => {
  const olds = before();
  former.connectors.clear();
  connect.knowsAll = true;
  const told = `Kafka Connect at ${former.url}, where connector ${NAME} was, does not have it any more`;
  await provider.check(olds as never, now());
  expect(said.join("\n")).toContain(told);
  said.length = 0;
  await update(olds);
  expect(said.join("\n")).toContain(told);
});

test("a config that the other Connect refuses changes nothing in the former one", async () => {
  connect.invalid = { "topic.prefix": { errors: ["no such prefix"] } };
  expect(await update(before())).toContain("no such prefix");
  expect(former.writes).toEqual([]);
});

test("a preview says what becomes of the connector", async () => {
  connect.knowsAll = true;
  const look = async () => {
    said.length = 0;
    const { failures } = await provider.check(before() as never, now());
    expect(failures).toEqual([]);
    return said.join("\n");
  };
  expect(await look()).toContain(
    `is stopped and deleted in Kafka Connect at ${former.url}, and made at ${connect.url}, with its offsets: it goes on where it was.`,
  );
  connect.clusterId = "another";
  expect(await look()).toContain("which writes to another Kafka: all rows are read again there.");
  await former.vanish();
  expect(await look()).toContain("does not tell how far it has read, so it begins anew elsewhere");
});
