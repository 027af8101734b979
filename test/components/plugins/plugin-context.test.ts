import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
