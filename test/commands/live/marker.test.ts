import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { markEdited, removeEdited } from "../../../commands/live/marker";

const [stack, folder] = [process.env["PULUMI_STACK"], process.cwd()];
let elsewhere: string;
let asked: string[][];

beforeEach(() => {
  elsewhere = mkdtempSync(join(tmpdir(), "marker-"));
  writeFileSync(join(elsewhere, "Pulumi.yaml"), "name: cdc\n");
  asked = [];
});

afterEach(() => {
  process.chdir(folder);
  if (stack === undefined) delete process.env["PULUMI_STACK"];
  else process.env["PULUMI_STACK"] = stack;
  rmSync(elsewhere, { recursive: true });
});

/** A fake engine with the consumers of two stacks. */
const engine = async (...args: string[]): Promise<string> => {
  asked.push(args);
  if (args[0] !== "ps") return "";
  const filter = args.find((arg) => arg.startsWith("label="));
  return filter === undefined ? "of-dev\nof-other" : filter.endsWith("-dev") ? "of-dev" : "of-other";
};
const removed = () => asked.filter(([verb]) => verb === "rm");

test("of consumers with a handler of their own, a start makes its stack's again, and not another stack's", async () => {
  process.chdir(elsewhere);
  for (const id of ["of-dev", "of-other", "gone"]) markEdited(id);
  process.env["PULUMI_STACK"] = "dev";
  await removeEdited(engine);
  expect(removed()).toEqual([["rm", "--force", "--volumes", "of-dev"]]);
  await removeEdited(engine);
  expect(removed()).toHaveLength(1);
  process.env["PULUMI_STACK"] = "other";
  await removeEdited(engine);
  expect(removed().slice(1)).toEqual([["rm", "--force", "--volumes", "of-other"]]);
  asked = [];
  await removeEdited(engine);
  expect(asked).toEqual([]);
});
