import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chooseImage, chosenImages } from "../../../components/images/chosen-images";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "chosen-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("what a run has chosen is known while it lives, and what it left is removed", () => {
  chooseImage("cdc/consumer:aaaaaaaaaaaa", folder);
  chooseImage("cdc/kafka:bbbbbbbbbbbb", folder);
  writeFileSync(join(folder, "1"), "cdc/consumer:cccccccccccc\n");
  const alive = (pid: number) => pid === process.pid;
  expect(chosenImages(alive, folder)).toEqual(["cdc/consumer:aaaaaaaaaaaa", "cdc/kafka:bbbbbbbbbbbb"]);
  expect(readdirSync(folder)).toEqual([String(process.pid)]);
  expect(chosenImages(() => false, folder)).toEqual([]);
});
