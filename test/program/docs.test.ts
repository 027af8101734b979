/** Checks that files which the pages name exist: a file that moves has to take its mentions along. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

/** A path in backticks below one of the folders. Paths of tests may lack their ending. */
const PATH =
  /`((?:bench|commands|components|consumer|examples|findings|images|library|program|test|toolchain)\/[\w./-]+)`/g;
const ENDINGS = ["", ".ts", ".test.ts", ".test.mjs"];

const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...readdirSync("docs").map((name) => `docs/${name}`)];

test.each(pages.filter((page) => page.endsWith(".md")))("%s names files that are there", (page) => {
  const named = [...readFileSync(page, "utf8").matchAll(PATH)].map(([, path]) => path!);
  expect(named.filter((path) => !ENDINGS.some((ending) => existsSync(path + ending)))).toEqual([]);
});

test("the tour of the architecture names a file or folder for each of its things", () => {
  const tour = /## The tour[^]*?\n## /.exec(readFileSync("docs/architecture.md", "utf8"))![0];
  const rows = tour.split("\n").filter((line) => line.startsWith("| ") && !/^\| (to change|-)/.test(line));
  expect(rows).toHaveLength(19);
  for (const row of rows) expect([...row.matchAll(PATH)].length).toBeGreaterThan(0);
});

test("the page of internals names each Java class of the extensions once by its subject", () => {
  const table = readFileSync("docs/internals.md", "utf8").split("### The classes by subject")[1]!.split("\n## ")[0]!;
  const named = [...table.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, name]) => `${name}.java`);
  expect(named.sort()).toEqual(readdirSync("images/kafka/extensions/cdc").sort());
});
