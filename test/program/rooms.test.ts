/**
 * Checks which folders may import which: docs/architecture.md, "Folders". Imports of types may go any way, because they are gone when the program
 * runs.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "@jest/globals";

const ROOMS = ["bench", "commands", "components", "consumer", "library", "program", "toolchain"];
const files = [
  "index.ts",
  ...ROOMS.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: "utf8" }).map((file) => join(room, file).replaceAll("\\", "/")),
  ),
].filter((file) => /\.(ts|cjs|mjs)$/.test(file));

/** Files of this project that a file imports when it runs. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const statements = [...text.matchAll(/^(?:import|export)\s+([^;"]*?from\s+)?"(\.[^"]+)"/gm)]
    .filter(([, names = ""]) => !onlyTypes(names))
    .map(([, , path]) => path!);
  const calls = [...text.matchAll(/(?:require|import)\("(\.[^"]+)"\)/g)].map(([, path]) => path!);
  return [...statements, ...calls].flatMap((path) => found(posix.join(posix.dirname(file), path)));
}

function onlyTypes(names: string): boolean {
  const [, list] = /^\{([^}]*)\}\s*from\s+$/.exec(names) ?? [];
  const parts = list?.split(",").map((part) => part.trim());
  return names.startsWith("type ") || (parts?.filter(Boolean).every((part) => part.startsWith("type ")) ?? false);
}

function found(path: string): string[] {
  return [path, `${path}.ts`, `${path}/index.ts`].filter((each) => existsSync(each) && /\.\w+$/.test(each));
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** The files outside of `allowed` that a file of these folders imports. */
function strays(folders: string[], allowed: RegExp): string[] {
  const inside = [...imports].filter(([file]) => folders.some((folder) => file.startsWith(folder)));
  expect(inside.length).toBeGreaterThan(0);
  return inside.flatMap(([file, all]) => all.filter((each) => !allowed.test(each)).map((each) => `${file} → ${each}`));
}

test("no file imports itself by way of others", () => {
  const done = new Set<string>();
  const visit = (file: string, way: string[]): void => {
    if (way.includes(file)) throw new Error(`a circle of imports: ${[...way, file].join(" → ")}`);
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(done.size).toBeGreaterThan(400);
});

test.each([
  ["index.ts", /^components\//],
  ["program/", /^program\//],
  ["components/", /^(components|program|consumer)\//],
  ["consumer/", /^(consumer|components)\//],
  ["commands/", /^(commands|components|program|consumer|test\/support\/chromium)/],
  ["toolchain/", /^(toolchain|program)\//],
  ["library/", /^(library|components|consumer|program|toolchain)\//],
])("%s imports only what is below it", (room, allowed) => {
  expect(strays([room], allowed)).toEqual([]);
});

test("the connector and the capture know neither containers nor this project's settings", () => {
  const rooms = "capture|connector|database|existing|names";
  const allowed = new RegExp(
    `^(components/(${rooms})/|components/(poll|nearest)\\.ts|program/dynamic/|consumer/kafka/)`,
  );
  expect(strays(["components/capture/", "components/connector/"], allowed)).toEqual([]);
});

test("the benchmark shares no code with the pipeline, not even types: it works on other revisions too", () => {
  expect(strays(["bench/"], /^bench\//)).toEqual([]);
  const named = files
    .filter((file) => file.startsWith("bench/"))
    .flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/ from "(\.[^"]+)"/g)].map(
        ([, path]) => `${file} → ${posix.join(posix.dirname(file), path!)}`,
      ),
    );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((each) => !each.includes(" → bench/"))).toEqual([]);
  const others = files.filter((file) => !file.startsWith("bench/"));
  expect(others.flatMap((file) => importsOf(file).filter((each) => each.startsWith("bench/")))).toEqual([]);
});

test("the set-up of a machine runs before the packages are installed", () => {
  const setUp = [...imports].filter(([file]) => file.startsWith("toolchain/") && file !== "toolchain/look.mjs");
  const packages = setUp.flatMap(([file]) =>
    [...readFileSync(file, "utf8").matchAll(/ from "([^".][^"]*)"/g)]
      .map(([, name]) => name!)
      .filter((name) => !name.startsWith("node:")),
  );
  expect(packages).toEqual([]);
});
