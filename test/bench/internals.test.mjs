import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { INTERNALS, leftOut } from "../../bench/internals.mjs";

test.each(Object.entries(INTERNALS))("%s can be left out of what there is now", (_name, edits) => {
  const files = new Map();
  for (const edit of edits) {
    files.set(edit.file, leftOut(files.get(edit.file) ?? readFileSync(edit.file, "utf8"), edit));
  }
  for (const [file, content] of files) expect(content).not.toBe(readFileSync(file, "utf8"));
});

test("the page of internals names each switch, and none besides", () => {
  const page = readFileSync("docs/internals.md", "utf8").split("## Measuring one")[1];
  const named = [...page.matchAll(/^\| `([a-z-]+)` /gm)].map(([, name]) => name);
  expect(named).toEqual(Object.keys(INTERNALS));
});

test("an edit whose text is gone, or there twice, is refused with the file's name", () => {
  const edit = { file: "a.ts", text: "x", without: "" };
  expect(() => leftOut("abc", edit)).toThrow("a.ts has 0 times, not once: x");
  expect(() => leftOut("x x", edit)).toThrow("a.ts has 2 times, not once: x");
});
