import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeEach, expect, jest, test } from "@jest/globals";
import { refusePending } from "../../../commands/upgrade-postgres/pending";

/** What the program says in the preview: into which file, and what. */
let says: { variable: string; text: string } | undefined;
let fails: string | undefined;
const run: { args: string[]; folder: string; env: NodeJS.ProcessEnv }[] = [];
jest.mock("../../../commands/processes/child", () => ({
  runChild: (_command: string, args: string[], { env }: { env: NodeJS.ProcessEnv }) => {
    run.push({ args, env, folder: dirname(env["CDC_ASK_FILE"]!) });
    if (says !== undefined) writeFileSync(env[says.variable]!, says.text);
    return fails === undefined ? Promise.resolve("") : Promise.reject(new Error(fails));
  },
}));

const { signal } = new AbortController();

beforeEach(() => {
  says = undefined;
  fails = undefined;
  run.length = 0;
});

test("settings that cost nothing let the upgrade begin; the program is looked at, and nothing is changed", async () => {
  await refusePending(17, signal);
  expect(run[0]!.args).toEqual(["preview", "--suppress-outputs", "--non-interactive"]);
  // A postgresVersion 18 that is set already is what the upgrade makes right.
  expect(run[0]!.env["CDC_BEFORE_UPGRADE"]).toBe("1");
  expect(existsSync(run[0]!.folder)).toBe(false);
});

test.each(["CDC_ASK_FILE", "CDC_ANEW_FILE"])(
  "a change that loses something is refused by name (%s)",
  async (variable) => {
    says = { variable, text: "cdc:topicPrefix a -> b: changes go to topics of new names" };
    fails = "pulumi preview ended with code 255";
    const refused = refusePending(17, signal);
    await expect(refused).rejects.toThrow("cdc:topicPrefix a -> b: changes go to topics of new names\nSet them back");
    await expect(refused).rejects.toThrow("with postgresVersion 17 as long. Then the upgrade once more.");
    expect(existsSync(run[0]!.folder)).toBe(false);
  },
);

test("settings with which the stack could not be brought up again are refused, too", async () => {
  fails = "pulumi preview ended with code 255:\ncdc:partitions is 1, but shop.public.customers has 3 partitions";
  await expect(refusePending(17, signal)).rejects.toThrow(
    /has 3 partitions\nSo the stack could not be brought up again/,
  );
});
