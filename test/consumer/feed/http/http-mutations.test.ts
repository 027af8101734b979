import { type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Feed } from "../../../../consumer/feed/feed";
import { createHttpServer } from "../../../../consumer/feed/http/http-server";
import { Recent } from "../../../../consumer/feed/recent";
import { Totals } from "../../../../consumer/feed/totals";

const EPOCH = "k3f9x2";
let server: Server;
let port: number;
const failures: unknown[] = [];

beforeAll(async () => {
  const recent = new Recent(5, 1 << 20);
  recent.add({ op: "create", table: "public.t", json: '{"id":1,"op":"create","table":"public.t"}' });
  server = createHttpServer({
    epoch: EPOCH,
    allowedHosts: [],
    recent,
    feed: new Feed({
      ...{ recent, totals: new Totals(EPOCH), epoch: EPOCH, now: () => performance.now() },
      later: (ms, callback) => void setTimeout(callback, ms).unref(),
    }),
    page: new Map(),
    health: () => ({ status: "ok", reason: "consuming", epoch: EPOCH, partitions: [] }),
    status: () => Promise.reject(new Error("not asked here")),
    metrics: { contentType: "text/plain", text: async () => "up 1\n" },
    deadLetters: {
      list: async () => ({ deadLetters: [], total: 0, waiting: 0 }),
      again: async () => ({ sent: 0 }),
    },
    rows: { topics: [], answer: async () => "{}" },
    failed: (path, error) => failures.push([path, error]),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The first line of the answer; empty when the connection is closed without one. */
function firstLine(request: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(request));
    socket.setTimeout(5000, () =>
      socket.destroy(new Error(`no answer to ${JSON.stringify(request.toString("latin1"))}`)),
    );
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      // A feed's answer does not end by itself.
      if (answer.includes("\r\n")) socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" ? resolve("") : reject(error)));
    socket.on("close", () => resolve(answer.split("\r\n")[0]!));
  });
}

const word = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "%",
    "%00",
    "%zz",
    "../..",
    "//",
    "\0",
    "é",
    "__proto__",
    "constructor",
    "99999999999999999999",
    "-1",
    '"',
    ",",
  ),
);
const target = fc.oneof(
  word.map((text) => `/${text}`),
  fc
    .tuple(
      fc.constantFrom(
        "/changes",
        "/events",
        "/rows",
        "/dead-letters",
        "/dead-letters/again",
        "/healthz",
        "/metrics",
        "/",
      ),
      fc.constantFrom("limit", "after", "op", "table", "text", "number", "x"),
      word,
    )
    .map(([path, name, value]) => `${path}?${name}=${encodeURI(Buffer.from(value).toString())}`),
  fc.constantFrom("*", "http://127.0.0.1/", "//", "", "/?", "/%2e%2e/%2e%2e/etc/hostname", `/${"a".repeat(20_000)}`),
);
const requests = fc.oneof(
  fc
    .record({
      method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "TRACE", "CONNECT", "get", "FETCH"),
      target,
      host: fc.option(fc.oneof(fc.constantFrom("localhost", "127.0.0.1:1", "example.org"), word), { nil: "localhost" }),
      header: fc.oneof(
        fc.constantFrom(
          "Last-Event-ID: x",
          "Content-Length: -1",
          "Content-Length: 5",
          "Transfer-Encoding: chunked",
          "Range: x",
        ),
        word.map((text) => `X: ${text}`),
      ),
    })
    .map(({ method, target, host, header }) => `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${header}\r\n\r\n`),
  fc.string({ unit: "binary" }),
);

test("whatever is sent, the answer is one of HTTP's or none, no route fails, and the next request is served", async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      expect(await firstLine(Buffer.from(request, "utf8"))).toMatch(
        /^(HTTP\/1\.1 (200|400|403|404|405|408|413|417|421|431) .*)?$/,
      );
      expect(failures).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(await firstLine(Buffer.from("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"))).toBe("HTTP/1.1 200 OK");
});
