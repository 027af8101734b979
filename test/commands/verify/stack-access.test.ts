import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ConnectorLook } from "../../../commands/look/connectors-look";
import { connectorsOf, ownOf } from "../../../commands/verify/stack-access";

const config = { "connector.class": "io.debezium.connector.mysql.MySqlConnector" };
const status = { name: "shop", connector: { state: "RUNNING", worker_id: "a:8083" }, tasks: [], type: "source" };
let refusals = 0;
let empty = 0;
/** Whether the worker has read its own topics. Before that it answers for one connector with 409. */
let ready = false;
const server = createServer((request, response) => {
  if (refusals > 0) {
    refusals--;
    request.socket.destroy();
    return;
  }
  response.setHeader("content-type", "application/json");
  if (request.url === "/connectors/none") {
    response.statusCode = ready ? 404 : 409;
    response.end(JSON.stringify({ error_code: response.statusCode, message: "" }));
    return;
  }
  response.end(JSON.stringify(empty-- > 0 ? {} : { shop: { info: { config }, status } }));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

test("a worker that was killed a moment ago is waited for, and one that stays down is reported with address and reason", async () => {
  refusals = 2;
  empty = 2;
  expect(await connectorsOf({ url: url() }, 1000, 10_000)).toMatchObject([{ name: "shop" }]);
  empty = Infinity;
  await expect(connectorsOf({ url: url() }, 1000, 1)).rejects.toThrow("it has none yet");
  refusals = Infinity;
  await expect(connectorsOf({ url: url() }, 1000, 1)).rejects.toThrow(
    new RegExp(`for Kafka Connect at ${url()} to name its connectors.*ECONNRESET.*npm run doctor`),
  );
});

test("one that reads its own topics between two questions has its connectors", async () => {
  refusals = 0;
  empty = 1;
  ready = true;
  expect(await connectorsOf({ url: url() }, 1000, 10_000)).toMatchObject([{ name: "shop" }]);
});

test("a worker that has no connector is told of at once, and waited for as long as it may only be starting", async () => {
  empty = Infinity;
  ready = false;
  const waiting = connectorsOf({ url: url() }, 1000, 60_000);
  ready = true;
  const none = `Kafka Connect at ${url()} has no connector: \`npm start\` registers one.`;
  await expect(waiting).rejects.toThrow(none);
  await expect(connectorsOf({ url: url() }, 1000, 60_000)).rejects.toThrow(none);
});

test("another stack's connector of the same worker is not taken for the stack's own", () => {
  const named = (name: string) => ({ name }) as ConnectorLook;
  expect(ownOf([named("a"), named("shop")], "shop", "http://c:8083")).toEqual(named("shop"));
  expect(() => ownOf([named("a"), named("b")], "shop", "http://c:8083")).toThrow(
    "Kafka Connect at http://c:8083 has no connector shop, which the stack declares, and a, b is another: `npm start` registers it.",
  );
});
