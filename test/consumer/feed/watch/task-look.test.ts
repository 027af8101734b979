import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { restartedConnector } from "../../../../consumer/process/watched";
import { lookAtTask } from "../../../../consumer/feed/watch/task-look";

const FAILED = { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "FAILED", trace: "connection refused" }] };
const RUNS = { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "RUNNING" }] };
const ASKED = "GET /connectors/orders/status";

let connect: Server;
let asked: string[];
let told: (string | undefined)[];
let answer: { code: number; body: object };
const url = () => `http://127.0.0.1:${(connect.address() as AddressInfo).port}`;

beforeEach(async () => {
  [asked, told, answer] = [[], [], { code: 200, body: FAILED }];
  connect = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.statusCode = answer.code;
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => connect.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => connect.close(resolve)));

const look = (restart: boolean) =>
  lookAtTask({
    ...{ connectUrl: url(), connectSecurity: {}, connectorName: "orders" },
    failed: (trace) => (told.push(trace), restart),
  });

test("a failed task is restarted without a look at any slot, when its time has come", async () => {
  await look(false);
  expect(asked).toEqual([ASKED]);
  await look(true);
  expect(asked.slice(1)).toEqual([ASKED, "POST /connectors/orders/restart?includeTasks=true&onlyFailed=true"]);
  expect(told).toEqual(["connection refused", "connection refused"]);
});

test("a task that runs is told, and a worker that has no answer says nothing", async () => {
  answer.body = RUNS;
  await look(false);
  answer = { code: 404, body: {} };
  await look(true);
  expect(told).toEqual([undefined]);
  expect(asked).toEqual([ASKED, ASKED]);
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
