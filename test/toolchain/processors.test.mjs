import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

/** Folders of the images and of the set-up. */
const FOLDERS = ["images", "toolchain", ".ci"];
const texts = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(^run|Dockerfile|\.(sh|args|mjs|xml|properties|pl))$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

test("no image and no step of the set-up is bound to one processor", () => {
  expect(texts.length).toBeGreaterThan(20);
  const bound = texts.filter((file) =>
    /--platform|x86[_-]64|linux[-/](amd64|x64)|UseAVX|UseSSE/i.test(readFileSync(file, "utf8")),
  );
  // The comment there is an example of what `go version` prints.
  expect(bound).toEqual([join("toolchain", "plan", "versions.mjs")]);
});

test("what npm installs for Linux on one processor it has for the other", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const linux = Object.entries(packages)
    .filter(([, { os, cpu }]) => os?.includes("linux") && cpu?.includes("x64"))
    .map(([name]) => name);
  expect(linux).toContain("node_modules/@esbuild/linux-x64");
  expect(linux.filter((name) => packages[name.replace("x64", "arm64")] === undefined)).toEqual([]);
});
