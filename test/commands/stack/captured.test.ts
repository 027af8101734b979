import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { captured } from "../../../commands/stack/stack-outputs";

let folder: string;
const path = process.env["PATH"];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-cli-"));
  process.env["PATH"] = [folder, path].join(delimiter);
});
afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

test("a large state comes through with every character, as it is written back so", async () => {
  const cli = join(folder, "pulumi");
  writeFileSync(cli, `#!${process.execPath}\nprocess.stdout.write("x" + "\\u0436".repeat(200_000));\n`);
  chmodSync(cli, 0o755);
  const text = await captured(["stack", "export"]);
  expect(text.replace(/\u0436/g, "")).toBe("x");
});
