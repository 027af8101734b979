import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Server, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ChangesJson, HealthJson, Op } from "../../../consumer/api";
import { Feed } from "../../../consumer/feed/feed";
import { createHttpServer } from "../../../consumer/feed/http";
import { readPageFiles } from "../../../consumer/feed/page-files";
import { BadRequest } from "../../../consumer/feed/query";
import { Recent } from "../../../consumer/feed/recent";
import { Totals } from "../../../consumer/feed/totals";
import { SseReader } from "../sse";

const EPOCH = "k3f9x2";
let server: Server;
let origin: string;
let recent: Recent;
let feed: Feed;
let health: HealthJson;
let pageDirectory: string;
let readers: SseReader[];
let failures: unknown[];

beforeEach(async () => {
  pageDirectory = mkdtempSync(join(tmpdir(), "page-"));
  writeFileSync(join(pageDirectory, "index.html"), "<!doctype html><title>feed</title>");
  writeFileSync(join(pageDirectory, "page.js"), "void 0");
  writeFileSync(join(pageDirectory, "secret.key"), "secret");
  readers = [];
  failures = [];
  recent = new Recent(5, 1 << 20);
  feed = new Feed({
    recent,
    totals: new Totals(EPOCH),
    epoch: EPOCH,
    later: (ms, callback) => void setTimeout(callback, ms),
    now: () => performance.now(),
  });
  health = { status: "ok", reason: "consuming", epoch: EPOCH, partitions: ["t/0"] };
  server = createHttpServer({
    epoch: EPOCH,
    allowedHosts: ["cdc-consumer"],
    recent,
    feed,
    page: readPageFiles(pageDirectory),
    health: () => health,
    status: () => Promise.reject(new Error("no status")),
    metrics: { contentType: "text/plain; version=0.0.4; charset=utf-8", text: async () => "up 1\n" },
    deadLetters: {
      list: async () => ({ deadLetters: [], total: 3, waiting: 1 }),
      again: async (number) => {
        if (number !== "7") throw new BadRequest(`number is "${number}"`);
        return { sent: 7 };
      },
    },
    rows: { topics: ["p.public.t"], answer: async ({ table, limit }) => JSON.stringify({ table, limit }) },
    failed: (path, error) => failures.push([path, error]),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  readers.forEach((reader) => reader.close());
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(pageDirectory, { recursive: true });
});

function add(id: number, op: Op = "create", table = "public.customers"): void {
  recent.add({ op, table, json: JSON.stringify({ id, op, table }) });
  feed.changed();
}

async function listen(path: string, headers = {}): Promise<SseReader> {
  const reader = await SseReader.open(origin + path, headers);
  readers.push(reader);
  return reader;
}

const getChanges = async (query: string) => (await (await fetch(`${origin}/changes?${query}`)).json()) as ChangesJson;
const idsOf = (data: unknown) => (data as { id: number }[]).map(({ id }) => id);

/** Status of a request whose Host header fetch would not let one set. */
function statusWith(options: {
  host?: string;
  method?: string;
  path?: string;
  headers?: { [name: string]: string };
}): Promise<number> {
  const { host, method = "GET", path = "/changes" } = options;
  const headers = { ...options.headers, ...(host !== undefined && { Host: host }) };
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject).end();
  });
}

describe("who may read", () => {
  test.each(["localhost", "localhost:8088", "LOCALHOST:1", "127.0.0.1:8088", "[::1]:8088", "[::1]", "cdc-consumer:80"])(
    "Host %s",
    async (host) => expect(await statusWith({ host })).toBe(200),
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:8088",
    "[::2]",
    "localhost:8088:1",
    "a b",
  ])("not Host %s, which could be a name that was pointed at this machine", async (host) => {
    expect(await statusWith({ host })).toBe(421);
    expect(await statusWith({ host, path: "/" })).toBe(421);
    expect(await statusWith({ host, path: "/healthz" })).toBe(421);
  });

  test.each<[string, { [name: string]: string }, number]>([
    ["this page", { Origin: "ORIGIN", "Sec-Fetch-Site": "same-origin" }, 200],
    ["no browser", {}, 200],
    ["another site", { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" }, 403],
    ["another port of this machine", { Origin: "http://127.0.0.1:1" }, 403],
    ["a frame without an origin", { Origin: "null" }, 403],
    ["another site, in a browser that hides which", { "Sec-Fetch-Site": "cross-site" }, 403],
  ])("a dead letter is sent back for %s: %j", async (_who, given, status) => {
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace("ORIGIN", origin)]),
    );
    expect(await statusWith({ method: "POST", path: "/dead-letters/again?number=7", headers })).toBe(status);
  });

  test("a dead letter is sent back by POST alone, and for allowed hosts alone", async () => {
    const path = "/dead-letters/again?number=7";
    expect(await statusWith({ path })).toBe(405);
    expect(await statusWith({ path, method: "HEAD" })).toBe(405);
    expect(await statusWith({ path, method: "POST", host: "evil.example" })).toBe(421);
    expect(await statusWith({ path: "/dead-letters", method: "POST" })).toBe(405);
    expect(await (await fetch(`${origin}/dead-letters`)).json()).toEqual({ deadLetters: [], total: 3, waiting: 1 });
    const refused = await fetch(`${origin}/dead-letters/again?number=8`, { method: "POST" });
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'number is "8"' }]);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("not by %s", async (method) => {
    expect(await statusWith({ method })).toBe(405);
  });

  test("a refusal says what is allowed", async () => {
    const response = await fetch(`${origin}/changes`, { method: "POST" });
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(await response.json()).toEqual({ error: "POST is not allowed; only GET and HEAD are" });
  });
});

describe("/rows", () => {
  test("of one table, as many as asked for; without a table it says whose there are", async () => {
    expect(await (await fetch(`${origin}/rows`)).json()).toEqual({ topics: ["p.public.t"] });
    const answer = await fetch(`${origin}/rows?${new URLSearchParams({ table: 'public."a,b"', limit: "7" })}`);
    expect(await answer.json()).toEqual({ table: "public.a,b", limit: 7 });
    expect(await (await fetch(`${origin}/rows?table=public.t`)).json()).toEqual({ table: "public.t", limit: 200 });
  });

  test.each([
    ["table=public.t&limit=1001", 'limit is "1001"; allowed: 1 to 1000'],
    ["table=a&table=b", 'table is "a,b"; allowed: one table'],
  ])("%s is refused", async (query, error) => {
    const answer = await fetch(`${origin}/rows?${query}`);
    expect([answer.status, await answer.json()]).toEqual([400, { error }]);
  });
});

describe("/healthz and /metrics", () => {
  test("200 while consuming, 503 with the reason otherwise", async () => {
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    health = { ...health, status: "unavailable", reason: "waiting for the topic t" };
    const response = await fetch(`${origin}/healthz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual(health);
  });

  test("metrics are plain text", async () => {
    const response = await fetch(`${origin}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await response.text()).toBe("up 1\n");
  });

  test("an exception in a route is a 500 without its text, and is logged", async () => {
    const response = await fetch(`${origin}/status`);
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining("no status")]);
    expect(failures).toEqual([["/status", new Error("no status")]]);
  });
});

describe("/changes", () => {
  test("without a change", async () => {
    expect(await getChanges("")).toEqual({ changes: [], oldestId: null, newestId: null, total: 0, epoch: EPOCH });
  });

  test("the newest, oldest first", async () => {
    [1, 2, 3, 4, 5, 6].forEach((id) => add(id));
    const answer = await getChanges("limit=2");
    expect(idsOf(answer.changes)).toEqual([5, 6]);
    expect(answer).toMatchObject({ oldestId: 2, newestId: 6, total: 6, epoch: EPOCH });
  });

  test("after an id: the ones that follow", async () => {
    [1, 2, 3].forEach((id) => add(id));
    expect(idsOf((await getChanges("after=1&limit=1")).changes)).toEqual([2]);
    expect(idsOf((await getChanges(`after=${EPOCH}-2`)).changes)).toEqual([3]);
    expect(idsOf((await getChanges("after=otherepoch-2")).changes)).toEqual([1, 2, 3]);
  });

  test("filters", async () => {
    add(1);
    add(2, "delete");
    add(3, "update", "public.orders");
    expect(idsOf((await getChanges("op=create,update")).changes)).toEqual([1, 3]);
    expect(idsOf((await getChanges("op=create&op=delete&table=public.customers")).changes)).toEqual([1, 2]);
    expect(idsOf((await getChanges("text=ORDERS")).changes)).toEqual([3]);
  });

  test.each([
    ["public.Order Details", "public.Order Details"],
    ['public."Order Details",public.x', "public.Order Details"],
    ['public."a,b"', "public.a,b"],
    ['public.y,"public"."say ""a,b"""', 'public.say "a,b"'],
    ['public.17"', 'public.17"'],
  ])("the filter table=%s takes %s", async (given, table) => {
    add(1);
    add(2, "update", table);
    expect(idsOf((await getChanges(`table=${encodeURIComponent(given)}`)).changes)).toEqual([2]);
  });

  test.each([
    ["op=upsert", 'op is "upsert"; allowed: snapshot, create, update, delete, truncate, message'],
    ["limit=0", 'limit is "0"; allowed: 1 to 10000'],
    ["limit=many", 'limit is "many"; allowed: 1 to 10000'],
    ["after=-1", 'after is "-1"; allowed: an id, or EPOCH-ID'],
  ])("%s is refused with what is allowed", async (query, error) => {
    for (const path of query.startsWith("limit") ? ["/changes"] : ["/changes", "/events"]) {
      const response = await fetch(`${origin}${path}?${query}`);
      expect([response.status, await response.json()]).toEqual([400, { error }]);
    }
  });
});

describe("/events", () => {
  test("tells the totals at once, then new changes as they come", async () => {
    add(1);
    const reader = await listen("/events");
    expect(await reader.nextAny()).toMatchObject({ event: "totals", data: { epoch: EPOCH, sampled: 0 } });
    add(2);
    expect(await reader.nextAny()).toEqual({
      event: "changes",
      id: `${EPOCH}-2`,
      data: [{ id: 2, op: "create", table: "public.customers" }],
    });
  });

  test("goes on after Last-Event-ID, which is newer than the address", async () => {
    [1, 2, 3].forEach((id) => add(id));
    const reader = await listen(`/events?after=${EPOCH}-0`, { "Last-Event-ID": `${EPOCH}-2` });
    expect(idsOf((await reader.next("changes")).data)).toEqual([3]);
  });

  test("after=0 sends everything that is held", async () => {
    [1, 2, 3].forEach((id) => add(id));
    expect(idsOf((await (await listen("/events?after=0")).next("changes")).data)).toEqual([1, 2, 3]);
  });

  test("tells a gap when the ring no longer holds what follows", async () => {
    [1, 2, 3, 4, 5, 6, 7, 8].forEach((id) => add(id));
    const reader = await listen(`/events?after=${EPOCH}-1`);
    expect((await reader.next("gap")).data).toEqual({ reason: "evicted", missed: 2 });
    expect(idsOf((await reader.next("changes")).data)).toEqual([4, 5, 6, 7, 8]);
  });

  test("tells a restart: an id of another epoch says nothing about this one", async () => {
    [1, 2].forEach((id) => add(id));
    const reader = await listen("/events", { "Last-Event-ID": "oldepoch-1" });
    expect((await reader.next("gap")).data).toEqual({ reason: "restarted", missed: null });
    expect(idsOf((await reader.next("changes")).data)).toEqual([1, 2]);
  });

  test("filters", async () => {
    const reader = await listen("/events?op=delete");
    await reader.next("totals");
    add(1);
    add(2, "delete");
    expect(idsOf((await reader.next("changes")).data)).toEqual([2]);
  });

  test("a client that leaves is forgotten", async () => {
    const reader = await listen("/events");
    await reader.next("totals");
    expect(feed.size).toBe(1);
    const closed = new Promise((resolve) => server.once("connection", resolve));
    reader.close();
    await listen("/events");
    await closed;
    for (let turn = 0; feed.size > 1 && turn < 1000; turn++) await new Promise(setImmediate);
    expect(feed.size).toBe(1);
  });
});

describe("the page", () => {
  test("runs only its own files and may not be framed", async () => {
    const response = await fetch(`${origin}/`);
    expect(await response.text()).toContain("<title>feed</title>");
    const policy = response.headers.get("content-security-policy");
    for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain("unsafe");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("its files have their types and are asked for again only when changed", async () => {
    const response = await fetch(`${origin}/page.js`);
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    const etag = response.headers.get("etag")!;
    expect((await fetch(`${origin}/page.js`, { headers: { "If-None-Match": etag } })).status).toBe(304);
  });

  test.each(["/secret.key", "/..%2f..%2fetc%2fpasswd", "/nothing", "//evil.example/", "//", "/%"])(
    "%s is not there",
    async (path) => expect(await statusWith({ path })).toBe(404),
  );

  test("a HEAD has no body", async () => {
    const response = await fetch(`${origin}/`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

test("a folder that is not there is an empty page", () => {
  expect(readPageFiles("/does/not/exist").size).toBe(0);
});
