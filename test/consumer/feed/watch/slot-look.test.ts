import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { look, type SlotLookOptions } from "../../../../consumer/feed/watch/slot-look";
import type { SlotSight } from "../../../../consumer/feed/watch/slot-watch";

const SLOT: SlotSight["slot"] = { exists: true, active: false, reader: "", caughtUp: false, confirmed: 5n };
let live: { connector: { state: string }; tasks: { id: number; state: string }[] };
const STATUS = { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "UNASSIGNED" }] };
const OFFSETS = { offsets: [{ partition: { server: "s" }, offset: { lsn: 7 } }] };

let connect: Server;
let asked: string[];
let seen: SlotSight[];
let status: number;
let gone: boolean;
let options: SlotLookOptions;

beforeEach(async () => {
  [asked, seen, status, live, gone] = [[], [], 200, STATUS, false];
  connect = createServer((request, response) => {
    asked.push(request.url!);
    response.statusCode = status;
    response.end(JSON.stringify(request.url!.endsWith("/status") ? live : OFFSETS));
  });
  await new Promise<void>((resolve) => connect.listen(0, "127.0.0.1", resolve));
  options = {
    database: {} as SlotLookOptions["database"],
    slotName: "s",
    publication: "p",
    connectUrl: `http://127.0.0.1:${(connect.address() as AddressInfo).port}`,
    connectSecurity: {},
    connectorName: "orders",
    observe: (sight) => void seen.push(sight),
    failed: () => false,
    offsetsGone: () => gone,
  };
});

afterEach(() => new Promise((resolve) => connect.close(resolve)));

test("a slot without a reader is compared with the offset from which the connector goes on", async () => {
  expect(await look(SLOT, undefined, options)).toBe(false);
  expect(asked).toEqual(["/connectors/orders/status", "/connectors/orders/offsets"]);
  expect(seen).toEqual([{ slot: SLOT, stored: 7, stands: false, alone: false }]);
});

test.each([
  ["STOPPED", true],
  ["PAUSED", true],
  ["FAILED", true],
  ["UNASSIGNED", false],
  ["RESTARTING", false],
])("%s: whether it goes on by itself", async (state, stands) => {
  live = { connector: { state }, tasks: [] };
  await look(SLOT, undefined, options);
  expect(seen).toEqual([{ slot: SLOT, stored: 7, stands, alone: false }]);
});

test("with several workers, one that hangs may have the connector, though the other's port has no server", async () => {
  const hangs = createServer(() => undefined);
  await new Promise<void>((resolve) => hangs.listen(0, "127.0.0.1", resolve));
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
  const url = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connectUrl = `${url(hangs)},${url(free)}`;
  await new Promise((resolve) => free.close(resolve));
  expect(await look(SLOT, undefined, { ...options, connectUrl })).toBe(false);
  expect(seen).toEqual([{ slot: SLOT, stored: undefined, stands: false, alone: false }]);
  hangs.closeAllConnections();
  await new Promise((resolve) => hangs.close(resolve));
});

test("a worker that has just started is not asked for offsets, which would delay it", async () => {
  status = 404;
  expect(await look(SLOT, undefined, options)).toBe(false);
  expect(asked).toEqual(["/connectors/orders/status"]);
  expect(seen).toEqual([{ slot: SLOT, stored: undefined, stands: false, alone: false }]);
});

test("without a server on the port, it looks again soon", async () => {
  await new Promise((resolve) => connect.close(resolve));
  expect(await look(SLOT, undefined, options)).toBe(true);
  expect(seen).toEqual([{ slot: SLOT, stored: undefined, stands: false, alone: true }]);
  await new Promise<void>((resolve) => connect.listen(0, "127.0.0.1", resolve));
});

test("without a server on the port, and with the topic of offsets deleted, there are no offsets", async () => {
  gone = true;
  await new Promise((resolve) => connect.close(resolve));
  expect(await look(SLOT, undefined, options)).toBe(true);
  expect(seen).toEqual([{ slot: SLOT, stored: null, stands: false, alone: true }]);
  await new Promise<void>((resolve) => connect.listen(0, "127.0.0.1", resolve));
});

test("a worker that is there, or begins, says itself what it has read", async () => {
  gone = true;
  await look(SLOT, undefined, options);
  status = 404;
  await look(SLOT, undefined, options);
  expect(seen.map(({ stored }) => stored)).toEqual([7, undefined]);
});
