import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

/** Runs `images/kafka/format.sh` with folders of the test's own, and with a fake `sync` that records what is on the disk at each moment. */
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cdc-format-"));
  for (const folder of ["data", "bin", "formatted/first/__cluster_metadata-0", "formatted/further"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const [folder, node, directory] of [
    ["first", 1, "of-the-voter"],
    ["further", 2, "of-nobody"],
  ] as const) {
    const text = `version=1\ncluster.id=made\nnode.id=${node}\ndirectory.id=${directory}\n`;
    writeFileSync(join(root, "formatted", folder, "meta.properties.made"), text);
    writeFileSync(join(root, "formatted", folder, "bootstrap.checkpoint"), "features");
  }
  writeFileSync(join(root, "formatted/first/__cluster_metadata-0/voters.checkpoint"), "voters");
  const counts = `test -e "${root}/data/meta.properties" && when=after || when=before`;
  const sync = `#!/bin/sh\n${counts}\nfor each; do echo "$when $each" >> "${root}/synced"; done\n`;
  writeFileSync(join(root, "bin/sync"), sync);
  chmodSync(join(root, "bin/sync"), 0o755);
});
afterEach(() => rmSync(root, { recursive: true }));

function format(...args: string[]): void {
  const script = readFileSync("images/kafka/format.sh", "utf8").replaceAll("/kafka/", `${root}/`);
  execFileSync("sh", ["-c", script, "format.sh", ...args], {
    env: { PATH: `${join(root, "bin")}:${process.env["PATH"]}` },
  });
}
const properties = () => readFileSync(join(root, "data/meta.properties"), "utf8");
const synced = () => readFileSync(join(root, "synced"), "utf8").replaceAll(`${root}/`, "").trim().split("\n").sort();

test("the only broker has a random cluster, and the id that its log knows it by", () => {
  format();
  expect(properties()).toMatch(
    /^version=1\ncluster\.id=[A-Za-z0-9_][\w-]{21}\nnode\.id=1\ndirectory\.id=of-the-voter\n$/,
  );
});

test("a further broker has the cluster's id, and a random one of its own", () => {
  format("of-all", "3");
  expect(properties()).toMatch(/^version=1\ncluster\.id=of-all\nnode\.id=3\ndirectory\.id=[A-Za-z0-9_][\w-]{21}\n$/);
});

test("after a power cut, the folder is whole or is formatted again", () => {
  format();
  expect(synced()).toEqual([
    "after data",
    "before data",
    "before data/__cluster_metadata-0",
    "before data/__cluster_metadata-0/voters.checkpoint",
    "before data/bootstrap.checkpoint",
    "before data/meta.properties.new",
  ]);
});

test("what a power cut left is written over, and a folder that is whole stays as it is", () => {
  cpSync(join(root, "formatted/first"), join(root, "data"), { recursive: true });
  writeFileSync(join(root, "data/bootstrap.checkpoint"), "");
  format();
  expect(readFileSync(join(root, "data/bootstrap.checkpoint"), "utf8")).toBe("features");
  const before = properties();
  format("of-all", "3");
  expect(properties()).toBe(before);
});
