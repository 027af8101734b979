import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { AT_ONCE, type Patience, takenBy } from "../../../components/preflight/lent-port";

const SOME: Patience = { goingOnMs: 10_000, endedMs: 10_000 };

let server: Server;
let socket: Socket;
/** The port that the system has given to `socket`. */
let port: number;
let accepted: Socket;

beforeEach(async () => {
  server = createServer({ allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const coming = once(server, "connection");
  socket = connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  await once(socket, "connect");
  [accepted] = (await coming) as [Socket];
  port = socket.localPort!;
});
afterEach(() => {
  socket.destroy();
  accepted.destroy();
  server.close();
});

test("a port that the system has given to a connection is reported with the connection's process", async () => {
  const by = new RegExp(`^process ${process.pid} \\(.+\\) for a connection that it has made$`);
  expect(await takenBy(port, AT_ONCE)).toEqual({ by: expect.stringMatching(by), passes: false });
});

test("it waits for a connection that ends soon, and says so once", async () => {
  const said: string[] = [];
  const found = takenBy(port, SOME, (text) => {
    said.push(text);
    // The other side ends first, so the system keeps that side's port for a while.
    accepted.end();
    socket.once("end", () => socket.end());
    socket.resume();
  });
  expect(await found).toBeUndefined();
  expect(said).toEqual([
    expect.stringMatching(/^Port \d+ is taken by process \d+ .*; waiting until the system has it back\.$/),
  ]);
});

test("an ended connection is reported with the seconds for which the system keeps its port", async () => {
  accepted.resume();
  accepted.once("end", () => accepted.end());
  socket.resume();
  socket.end();
  await once(socket, "close");
  expect(await takenBy(port, AT_ONCE)).toEqual({
    by: expect.stringMatching(/^a connection that has ended, for (59|60) s more$/),
    passes: true,
  });
});

test("a port on which somebody listens is not waited for", async () => {
  const { port: listening } = server.address() as AddressInfo;
  const said: string[] = [];
  expect(await takenBy(listening, SOME, (text) => void said.push(text))).toEqual({
    by: expect.stringMatching(new RegExp(`^process ${process.pid} \\([^)]+\\)$`)),
    passes: false,
  });
  expect(said).toEqual([]);
});
