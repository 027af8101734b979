import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandlerNotes } from "../../../commands/chaos/handler-notes";
import { handledLine } from "../../../commands/chaos/reckon/handled";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-test-notes-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const noted = (...calls: [at: number, version: string][]): string =>
  calls.map(([at, version]) => handledLine({ at, version, marked: false })).join("");

test("notes that grow are read once, and notes of a new volume are read after the earlier ones", async () => {
  let file: string | undefined;
  const notes = new HandlerNotes(folder, (into) =>
    file === undefined ? Promise.reject(new Error("no such container")) : Promise.resolve(writeFileSync(into, file)),
  );
  const versions = async () => (await notes.read()).map(({ version }) => version);

  file = noted([1, "a"]);
  await notes.keep();
  file = noted([1, "a"], [2, "b"]);
  await notes.keep();
  expect(await versions()).toEqual(["a", "b"]);

  file = noted([3, "c"]);
  expect(await versions()).toEqual(["a", "b", "c"]);
  file = noted([3, "c"], [4, "a"]);
  expect(await versions()).toEqual(["a", "b", "c", "a"]);
  expect(readdirSync(folder).sort()).toEqual(["handled.1", "handled.2"]);

  file = undefined;
  await expect(notes.keep()).rejects.toThrow("no such container");
});

test("a consumer that has noted nothing yet is another one too", async () => {
  let file = noted([1, "a"]);
  const notes = new HandlerNotes(folder, (into) => Promise.resolve(writeFileSync(into, file)));
  await notes.keep();
  file = "";
  await notes.keep();
  file = noted([2, "b"]);
  expect((await notes.read()).map(({ version }) => version)).toEqual(["a", "b"]);
});
