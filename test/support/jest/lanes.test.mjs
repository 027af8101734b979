import { readdirSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { inOrder, nextOf } from "./lanes";

const path = (word) => `/checkout/test/integration/${word}.test.ts`;

test("the longest begin, and those that want the machine for themselves come last", () => {
  const found = inOrder(["consumer", "build", "connector", "verify", "images", "tables"].map(path));
  expect(found).toEqual(["tables", "connector", "verify", "build", "consumer", "images"].map(path));
});

test("two at a time, but not two of those that keep both cores busy", () => {
  expect(nextOf([path("sink"), path("build")], [])).toBe(path("sink"));
  expect(nextOf([path("schemas"), path("build")], [path("sink")])).toBe(path("build"));
  expect(nextOf([path("schemas"), path("chaos")], [path("sink")])).toBeUndefined();
  expect(nextOf([path("verify")], [path("sink"), path("build")])).toBeUndefined();
  expect(nextOf([], [path("sink")])).toBeUndefined();
});

test("no file runs beside one that measures milliseconds, which waits for those that run", () => {
  expect(nextOf([path("consumer")], [path("build")])).toBeUndefined();
  expect(nextOf([path("build")], [path("consumer")])).toBeUndefined();
  expect(nextOf([path("consumer"), path("build")], [])).toBe(path("consumer"));
});

test("every file runs in the end, whichever ends first", () => {
  const all = readdirSync("test/integration").filter((name) => name.endsWith(".test.ts"));
  const waiting = inOrder(all.map((name) => `/checkout/test/integration/${name}`));
  const running = [];
  const done = [];
  while (waiting.length + running.length > 0) {
    const next = nextOf(waiting, running);
    if (next === undefined) done.push(running.pop());
    else running.push(...waiting.splice(waiting.indexOf(next), 1));
  }
  expect(done).toHaveLength(all.length);
});
