import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectorsOf } from "../../../commands/verify/stack-access";

const config = { "connector.class": "io.debezium.connector.mysql.MySqlConnector" };
const status = { name: "shop", connector: { state: "RUNNING", worker_id: "a:8083" }, tasks: [], type: "source" };
let refusals = 0;
let empty = 0;
const server = createServer((request, response) => {
  if (refusals > 0) {
    refusals--;
    request.socket.destroy();
    return;
  }
  response.setHeader("content-type", "application/json");
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
  await expect(connectorsOf({ url: url() }, 1000, 1)).rejects.toThrow("it has none: `npm start` registers one");
  refusals = Infinity;
  await expect(connectorsOf({ url: url() }, 1000, 1)).rejects.toThrow(
    new RegExp(`for Kafka Connect at ${url()} to name its connectors.*ECONNRESET.*npm run doctor`),
  );
});
