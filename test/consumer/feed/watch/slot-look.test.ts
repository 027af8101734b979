import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { look, type SlotLookOptions } from "../../../../consumer/feed/watch/slot-look";
import type { SlotSight } from "../../../../consumer/feed/watch/slot-watch";

const SLOT: SlotSight["slot"] = { exists: true, active: false, reader: "", caughtUp: false, confirmed: 5n };
const STATUS = { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "UNASSIGNED" }] };
const OFFSETS = { offsets: [{ partition: { server: "s" }, offset: { lsn: 7 } }] };

let connect: Server;
let asked: string[];
let seen: SlotSight[];
let status: number;
let options: SlotLookOptions;

beforeEach(async () => {
  [asked, seen, status] = [[], [], 200];
  connect = createServer((request, response) => {
    asked.push(request.url!);
    response.statusCode = status;
    response.end(JSON.stringify(request.url!.endsWith("/status") ? STATUS : OFFSETS));
  });
  await new Promise<void>((resolve) => connect.listen(0, "127.0.0.1", resolve));
  options = {
    database: {} as SlotLookOptions["database"],
    slotName: "s",
    connectUrl: `http://127.0.0.1:${(connect.address() as AddressInfo).port}`,
    connectSecurity: {},
    connectorName: "orders",
    observe: (sight) => void seen.push(sight),
    failed: () => false,
  };
});

afterEach(() => new Promise((resolve) => connect.close(resolve)));

test("a slot that nobody reads is compared with the offset that the connector goes on from", async () => {
  expect(await look(SLOT, undefined, options)).toBe(false);
  expect(asked).toEqual(["/connectors/orders/status", "/connectors/orders/offsets"]);
  expect(seen).toEqual([{ slot: SLOT, stored: 7, stands: false, alone: false }]);
});

test("a worker that has only begun is not asked for offsets, which it would put off and read for nobody", async () => {
  status = 404;
  expect(await look(SLOT, undefined, options)).toBe(false);
  expect(asked).toEqual(["/connectors/orders/status"]);
  expect(seen).toEqual([{ slot: SLOT, stored: undefined, stands: false, alone: false }]);
});

test("where nobody listens it is looked at again soon", async () => {
  await new Promise((resolve) => connect.close(resolve));
  expect(await look(SLOT, undefined, options)).toBe(true);
  expect(seen).toEqual([{ slot: SLOT, stored: undefined, stands: false, alone: true }]);
  await new Promise<void>((resolve) => connect.listen(0, "127.0.0.1", resolve));
});
