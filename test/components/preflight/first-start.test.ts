import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { filesLabel, lateFiles, lateSettings } from "../../../components/preflight/first-start";
import { initFiles } from "../../../components/preflight/init-files";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (...names: string[]) => names.forEach((name) => writeFileSync(join(folder, name), name));

test("a file that is new, and one that is another now, are late", () => {
  put("01-tables.sql", "02-rows.sql");
  const made = { database: "shop", user: "owner", files: filesLabel(initFiles(folder)) };
  expect(lateFiles(made, initFiles(folder))).toEqual([]);
  writeFileSync(join(folder, "01-tables.sql"), "create table later()");
  put("03-new.sql");
  expect(lateFiles(made, initFiles(folder))).toEqual(["01-tables.sql", "03-new.sql"]);
  // A container from before the label: its files are not known.
  expect(lateFiles({ ...made, files: null }, initFiles(folder))).toEqual([]);
});

test("another name of the database or its superuser comes too late, and the message names the way back", () => {
  const made = { database: "shop", user: "owner", files: "" };
  expect(lateSettings(made, { database: "shop", user: "owner" })).toEqual([]);
  expect(lateSettings(made, { database: "store", user: "owner" })).toEqual([
    'cdc:database is "store", but this stack\'s Postgres was made with "shop", and only a first start reads it. Set it back ' +
      "with `pulumi config set database shop`; or `npm stop`, which takes all data away, and start anew.",
  ]);
  expect(lateSettings(made, { database: "store", user: "me" })).toHaveLength(2);
});
