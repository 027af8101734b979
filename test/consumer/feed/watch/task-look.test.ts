import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { restartedConnector } from "../../../../consumer/process/watched";
import { lookAtTask } from "../../../../consumer/feed/watch/task-look";
import { FakeConnect } from "../../../support/fakes/fake-connect";

const ASKED = "GET /connectors/orders/status";

let connect: FakeConnect;
let told: (string | undefined)[];

beforeEach(async () => {
  told = [];
  connect = await FakeConnect.start();
  connect.add("orders", {}).failure = "connection refused";
});
afterEach(() => connect.vanish());

const look = (restart: boolean) =>
  lookAtTask({
    ...{ connectUrl: connect.url, connectSecurity: {}, connectorName: "orders" },
    failed: (trace) => (told.push(trace), restart),
  });

test("a failed task is restarted without a look at any slot, when its time has come", async () => {
  await look(false);
  expect(connect.requests).toEqual([ASKED]);
  await look(true);
  expect(connect.requests.slice(1)).toEqual([
    ASKED,
    "POST /connectors/orders/restart?includeTasks=true&onlyFailed=true",
  ]);
  expect(told).toEqual(["connection refused", "connection refused"]);
});

test("a task that runs is told, and a worker that has no answer says nothing", async () => {
  connect.add("orders", {});
  await look(false);
  connect.connectors.delete("orders");
  await look(true);
  expect(told).toEqual([undefined]);
  expect(connect.requests).toEqual([ASKED, ASKED]);
});

test("without a slot, the only consumer and the first of several restart the stack's connector", () => {
  const config = { connectUrl: "http://connect:8083/", connectSecurity: {}, connectorName: "orders", member: null };
  const connector = { connectUrl: "http://connect:8083", connectSecurity: {}, connectorName: "orders" };
  expect(restartedConnector(config)).toEqual(connector);
  expect(restartedConnector({ ...config, member: { number: 1, pages: [] } })).toEqual(connector);
  expect(restartedConnector({ ...config, member: { number: 2, pages: [] } })).toBeUndefined();
  expect(restartedConnector({ ...config, connectUrl: null })).toBeUndefined();
  expect(restartedConnector({ ...config, connectorName: null })).toBeUndefined();
});
