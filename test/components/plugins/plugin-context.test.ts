import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { pluginContext } from "../../../components/plugins/plugin-context";

const SHA = "7b675694e926bbf607cb99c0af1b3f9adb5ab960a1428c641a02dad257e95d49";
const folder = mkdtempSync(join(tmpdir(), "plugins-"));
const out = join(folder, "out");
const mine = join(folder, "mine");
mkdirSync(join(mine, "lib"), { recursive: true });
writeFileSync(join(mine, "lib", "mine.jar"), "PK");
afterAll(() => rmSync(folder, { recursive: true }));

test("has the folders, and a line for each file that is to be fetched", () => {
  const context = pluginContext(`${mine},org.apache.kafka:connect-file:3.9.2@sha256:${SHA}`, out);
  const text = (path: string) => readFileSync(join(context, path), "utf8");
  expect(text("artifacts.txt")).toBe(`connect-file org.apache.kafka:connect-file:3.9.2:jar jar ${SHA}\n`);
  expect(text("folders/mine/lib/mine.jar")).toBe("PK");
  expect(text("Dockerfile")).toBe(readFileSync("images/connect/Dockerfile", "utf8"));
  expect(text("build/ClassInJar.java")).toBe(readFileSync("images/kafka/build/ClassInJar.java", "utf8"));
  expect(text("fetch.sh")).toBe(readFileSync("images/connect/fetch.sh", "utf8"));
});

test("is another one for another jar, or another digest", () => {
  const of = (sha: string) => pluginContext(`${mine},a:b:1@sha256:${sha}`, out);
  const before = of(SHA);
  expect(of(SHA)).toBe(before);
  expect(of(SHA.replace("7", "8"))).not.toBe(before);
  writeFileSync(join(mine, "lib", "mine.jar"), "PK2");
  expect(of(SHA)).not.toBe(before);
});

test("a jar by itself, and links, which are followed", () => {
  const jar = join(folder, "one.jar");
  writeFileSync(jar, "PK1");
  const linked = join(folder, "linked");
  mkdirSync(linked, { recursive: true });
  symlinkSync(jar, join(linked, "a.jar"));
  symlinkSync(mine, join(linked, "more"));
  symlinkSync(linked, join(folder, "by-link"));
  const context = pluginContext(`${jar},${join(folder, "by-link")}`, out);
  const text = (path: string) => readFileSync(join(context, "folders", path), "utf8");
  expect(text("one/one.jar")).toBe("PK1");
  expect(text("by-link/a.jar")).toBe("PK1");
  expect(text("by-link/more/lib/mine.jar")).toMatch(/^PK/);
});

test("what is no folder and no jar, and what cannot be read, is refused in a sentence", () => {
  const zip = join(folder, "mine.zip");
  writeFileSync(zip, "PK");
  expect(() => pluginContext(zip, out)).toThrow(
    `cdc:connectPlugins names ${zip}, which is no folder and no jar; unpack it, and name the folder.`,
  );
  const broken = join(folder, "broken");
  mkdirSync(broken);
  symlinkSync("nowhere", join(broken, "gone.jar"));
  expect(() => pluginContext(broken, out)).toThrow(
    new RegExp(`^cdc:connectPlugins names ${broken}, which cannot be read: ENOENT: .*gone\\.jar'\\.$`),
  );
  const loop = join(folder, "loop");
  mkdirSync(loop);
  symlinkSync(".", join(loop, "up"));
  expect(() => pluginContext(loop, out)).toThrow(/^cdc:connectPlugins names .*leads back to a folder that it is in\.$/);
});

test.each(["nowhere", "."])("a folder without a jar is refused: %s", (name) => {
  const empty = join(folder, name, "empty");
  expect(() => pluginContext(empty, out)).toThrow(
    `cdc:connectPlugins names ${empty}, where there is no jar; name the folder that a plugin was unpacked to.`,
  );
});

test("fetches with the very layer that images/kafka is built with", () => {
  const stage = (image: string) =>
    /FROM debian[^]*?&& update-ca-certificates\n/.exec(readFileSync(`images/${image}/Dockerfile`, "utf8"))?.[0];
  expect(stage("connect")).toBeDefined();
  expect(stage("connect")).toBe(stage("kafka"));
});
