import { describe, expect, test } from "@jest/globals";
import { readPageFiles } from "../../../../consumer/feed/http/page-files";
import { HttpRig } from "./http-rig";

const rig = new HttpRig();

describe("who may read", () => {
  test.each(["localhost", "localhost:8088", "LOCALHOST:1", "127.0.0.1:8088", "[::1]:8088", "[::1]", "cdc-consumer:80"])(
    "Host %s",
    async (host) => expect(await rig.statusWith({ host })).toBe(200),
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:8088",
    "[::2]",
    "localhost:8088:1",
    "a b",
  ])("not Host %s, which could be a name that was pointed at this machine", async (host) => {
    expect(await rig.statusWith({ host })).toBe(421);
    expect(await rig.statusWith({ host, path: "/" })).toBe(421);
    expect(await rig.statusWith({ host, path: "/healthz" })).toBe(421);
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
      Object.entries(given).map(([name, value]) => [name, value.replace("ORIGIN", rig.origin)]),
    );
    expect(await rig.statusWith({ method: "POST", path: "/dead-letters/again?number=7", headers })).toBe(status);
  });

  test("a dead letter is sent back by POST alone, and for allowed hosts alone", async () => {
    const path = "/dead-letters/again?number=7";
    expect(await rig.statusWith({ path })).toBe(405);
    expect(await rig.statusWith({ path, method: "HEAD" })).toBe(405);
    expect(await rig.statusWith({ path, method: "POST", host: "evil.example" })).toBe(421);
    expect(await rig.statusWith({ path: "/dead-letters", method: "POST" })).toBe(405);
    expect(await (await fetch(`${rig.origin}/dead-letters`)).json()).toEqual({ deadLetters: [], total: 3, waiting: 1 });
    const refused = await fetch(`${rig.origin}/dead-letters/again?number=8`, { method: "POST" });
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'number is "8"' }]);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("not by %s", async (method) => {
    expect(await rig.statusWith({ method })).toBe(405);
  });

  test("a refusal says what is allowed", async () => {
    const response = await fetch(`${rig.origin}/changes`, { method: "POST" });
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(await response.json()).toEqual({ error: "POST is not allowed; only GET and HEAD are" });
  });
});

describe("/healthz and /metrics", () => {
  test("200 while consuming, 503 with the reason otherwise", async () => {
    expect((await fetch(`${rig.origin}/healthz`)).status).toBe(200);
    rig.health = { ...rig.health, status: "unavailable", reason: "waiting for the topic t" };
    const response = await fetch(`${rig.origin}/healthz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual(rig.health);
  });

  test("metrics are plain text", async () => {
    const response = await fetch(`${rig.origin}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await response.text()).toBe("up 1\n");
  });

  test("an exception in a route is a 500 without its text, and is logged", async () => {
    const response = await fetch(`${rig.origin}/status`);
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining("no status")]);
    expect(rig.failures).toEqual([["/status", new Error("no status")]]);
  });
});

describe("the page", () => {
  test("runs only its own files and may not be framed", async () => {
    const response = await fetch(`${rig.origin}/`);
    expect(await response.text()).toContain("<title>feed</title>");
    const policy = response.headers.get("content-security-policy");
    for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain("unsafe");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("its files have their types, and a browser loads them again only when they have changed", async () => {
    const response = await fetch(`${rig.origin}/page.js`);
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    const etag = response.headers.get("etag")!;
    expect((await fetch(`${rig.origin}/page.js`, { headers: { "If-None-Match": etag } })).status).toBe(304);
  });

  test.each(["/secret.key", "/..%2f..%2fetc%2fpasswd", "/nothing", "//evil.example/", "//", "/%"])(
    "%s is not there",
    async (path) => expect(await rig.statusWith({ path })).toBe(404),
  );

  test("a HEAD has no body", async () => {
    const response = await fetch(`${rig.origin}/`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

test("a folder that is not there is an empty page", () => {
  expect(readPageFiles("/does/not/exist").size).toBe(0);
});
