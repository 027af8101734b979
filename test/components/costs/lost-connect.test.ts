import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { lostConnect, lostConnectCost } from "../../../components/costs/lost-connect";
import type { CostSettings } from "../../../components/costs/costs";
import { type AppliedStack, parseApplied } from "../../../components/preflight/applied";
import { FakeConnect, POSTGRES } from "../../support/fakes/fake-connect";

let former: FakeConnect;
let other: FakeConnect;
beforeEach(async () => {
  [former, other] = await Promise.all([FakeConnect.start(), FakeConnect.start()]);
});
afterEach(() => Promise.all([former.vanish(), other.vanish()]));

const applied = (more: Record<string, unknown> = {}): AppliedStack =>
  parseApplied({
    connector: {
      type: "pulumi-nodejs:dynamic/debezium:Connector",
      outputs: { connectUrl: former.url, connectorName: "c", config: { "slot.name": "s" }, ...more },
    },
  });
const SETTINGS = { connectorName: "c", snapshotMode: "initial" } as CostSettings;
const named = () => ({ ...SETTINGS, existingConnect: { url: other.url, security: {} } });

test("a former Kafka Connect that gives no answer has offsets that nobody can take along: that is asked for", async () => {
  await former.vanish();
  const lost = await lostConnect(applied(), named());
  expect(lost).toEqual({ from: former.url, to: other.url, isGone: false });
  const cost = lostConnectCost(applied(), SETTINGS, lost!, { topics: undefined, unreadLog: 3e6 });
  expect(cost).toMatchObject({ loses: true });
  expect(cost.text).toContain(
    "so nobody tells how far the connector has read, and it begins anew. Slot s is dropped with 3 MB of unread log. Every row is read again",
  );
});

test("so is one that answers and does not have the connector, or has another one of its name", async () => {
  const lost = { from: former.url, to: other.url, isGone: true };
  expect(await lostConnect(applied(), named())).toEqual(lost);
  former.add("c", { "connector.class": POSTGRES, "slot.name": "theirs" });
  expect(await lostConnect(applied(), named())).toEqual(lost);
  const cost = lostConnectCost(applied(), SETTINGS, lost, { topics: undefined, unreadLog: 0 });
  expect(cost.text).toContain("the former Kafka Connect does not have the connector any more, so nobody tells");
  expect(cost.text).not.toContain("While the former one answers");
});

test("one that has the connector costs nothing, nor does another address of the same one", async () => {
  former.add("c", { "connector.class": POSTGRES, "slot.name": "s" });
  expect(await lostConnect(applied(), named())).toBeUndefined();
  await former.vanish();
  other.add("c", { "connector.class": POSTGRES });
  expect(await lostConnect(applied(), named())).toBeUndefined();
});

test("a worker of the stack's own in its place is asked for too, and other ports of its own worker are not", async () => {
  await former.vanish();
  expect(await lostConnect(applied(), SETTINGS)).toEqual({
    from: former.url,
    to: "a worker of the stack's own",
    isGone: false,
  });
  expect(await lostConnect(applied({ worker: "id" }), SETTINGS)).toBeUndefined();
});

test("where no row is read, the connector goes on with the slot, and nothing is lost", async () => {
  await former.vanish();
  expect(await lostConnect(applied(), { ...named(), snapshotMode: "no_data" })).toBeUndefined();
});
