import { expect, test } from "@jest/globals";
import { candidates, findChromium } from "./chromium";

const linux = { platform: "linux" as const, env: {} };

test("Debian's chromium is taken before a Chrome", () => {
  const there = new Set(["/usr/bin/google-chrome", "/usr/bin/chromium"]);
  expect(findChromium({ ...linux, exists: (path) => there.has(path) })).toBe("/usr/bin/chromium");
});

test("CHROMIUM_PATH comes first, and a wrong one is an error rather than another browser", () => {
  const env = { CHROMIUM_PATH: "/opt/chromium" };
  expect(findChromium({ ...linux, env, exists: () => true })).toBe("/opt/chromium");
  expect(() => findChromium({ ...linux, env, exists: (path) => path === "/usr/bin/chromium" })).toThrow(
    'CHROMIUM_PATH is "/opt/chromium", where there is no file',
  );
});

test("none is none", () => {
  expect(findChromium({ ...linux, exists: () => false })).toBeUndefined();
});

test("macOS and Windows have their own places", () => {
  expect(candidates({ platform: "darwin", env: { HOME: "/Users/a" } })).toContain(
    "/Users/a/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  );
  const windows = candidates({ platform: "win32", env: { PROGRAMFILES: "C:" } }).map((path) =>
    path.replaceAll("\\", "/"),
  );
  expect(windows).toContain("C:/Google/Chrome/Application/chrome.exe");
});
