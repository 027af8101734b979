import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { inLanes } from "../../toolchain/programs/lanes.mjs";

test("so many at a time, in their order, and each result is where its work was", async () => {
  const log = [];
  const work = async (word) => {
    log.push(`${word} begins`);
    for (let turns = 0; turns < word.length; turns++) await undefined;
    log.push(`${word} ends`);
    return word.length;
  };
  expect(await inLanes(["the longest of all", "b", "cc"], 2, work)).toEqual([18, 1, 2]);
  expect(log).toEqual([
    ...["the longest of all begins", "b begins", "b ends", "cc begins"],
    ...["cc ends", "the longest of all ends"],
  ]);
  expect(await inLanes([], 2, work)).toEqual([]);
});

test("npm run check takes nothing that was typed", () => {
  const { status, stderr } = spawnSync(process.execPath, ["toolchain/check.mjs", "--fix"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([2, "npm run check takes no arguments, and got --fix\n"]);
});
