import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { bundle, bundleSync } from "../../program/bundle.cjs";

let folder: string;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const options = () => ({ absWorkingDir: folder, entryPoints: ["main.ts"], format: "cjs" as const });
const made = () => bundleSync("main", options()).outputs[0]!.text;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
  for (const name of ["package.json", "package-lock.json", "tsconfig.json"]) write(name, "{}");
  write("main.ts", "import { word } from './part';\nconsole.log(word);");
  write("part.ts", "export const word: string = 'first';");
  expect(made()).toContain("first");
  mark();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a word into the kept bundle that no source has, to show whether the bundle is used unchanged. */
function mark(): void {
  const file = join(folder, "dist/bundles/main.json");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("first", "kept"));
}

test("with nothing edited the bundle is taken as it was", async () => {
  expect(made()).toContain("kept");
  expect((await bundle("main", options())).outputs[0]!.text).toContain("kept");
});

test.each<[string, () => void]>([
  ["an edit of what it imports", () => write("part.ts", "export const word: string = 'second';")],
  ["a file that is found in place of another", () => write("part.tsx", "export const word: string = 'second';")],
  ["other packages", () => write("package-lock.json", '{ "lockfileVersion": 3 }')],
  ["other settings of the compiler", () => write("tsconfig.json", '{ "compilerOptions": { "target": "ES2020" } }')],
  ["one cut off in the middle", () => write("dist/bundles/main.json", '{"inputs":["main.ts","pa')],
])("%s makes it again", (_what, edit) => {
  edit();
  expect(made()).not.toContain("kept");
  expect(made()).toMatch(/first|second/);
});

test("lists the files that it was made of, whether it was kept or made again", () => {
  expect(bundleSync("main", options()).inputs.sort()).toEqual(["main.ts", "part.ts"]);
  write("part.ts", "export const word: string = 'second';");
  expect(bundleSync("main", options()).inputs.sort()).toEqual(["main.ts", "part.ts"]);
});

test("other options make it again", () => {
  expect(bundleSync("main", { ...options(), minifyWhitespace: true }).outputs[0]!.text).toContain("first");
});

test("an edit while it is made is in the next one", async () => {
  write("part.ts", "export const word: string = 'second';");
  const editsMeanwhile: Plugin = {
    name: "edits-meanwhile",
    setup: (build) => build.onEnd(() => write("part.ts", "export const word: string = 'third';")),
  };
  const withEdit = () => bundle("main", { ...options(), plugins: [editsMeanwhile] });
  expect((await withEdit()).outputs[0]!.text).toContain("second");
  expect((await withEdit()).outputs[0]!.text).toContain("third");
});

test("an error names file and line, also when it is met again, and an old bundle does not hide it", () => {
  write("part.ts", "export const other = 1;");
  for (const _again of [1, 2]) expect(made).toThrow(/main\.ts:1.*No matching export/s);
});
