import { expect, test } from "@jest/globals";
import { Checkout, withoutProject } from "../../../bench/checkout/checkout";
import { findRevision } from "../../../bench/checkout/other-checkout";
import { Stack } from "../../../bench/checkout/stack";

test("a command of another checkout gets a shell's environment, not that of this checkout's npm run", () => {
  const env = {
    HOME: "/home/me",
    INIT_CWD: "/here",
    npm_config_local_prefix: "/here",
    NODE_OPTIONS: '--max-old-space-size=4096 --require "/here/program/lean-sdk.cjs" --require "/mine/own.cjs"',
  };
  expect(withoutProject(env, "/here")).toEqual({
    HOME: "/home/me",
    NODE_OPTIONS: '--max-old-space-size=4096 --require "/mine/own.cjs"',
  });
  const [loaded] = env.NODE_OPTIONS.match(/--require "\/here[^"]*"/)!;
  expect(withoutProject({ NODE_OPTIONS: loaded }, "/here")).toEqual({});
});

test("stacks of two checkouts have different names, and of one checkout the same in each run", () => {
  const label = (folder: string) => new Stack(new Checkout(folder), "bench").label;
  expect(label("/one")).toMatch(/^cdc\.stack=cdc-bench-[0-9a-f]{6}$/);
  expect(label("/one")).toBe(label("/one/"));
  expect(label("/one")).not.toBe(label("/two"));
});

test.each(["no-such-revision", "--upload-pack=x", "HEAD~99999999"])("%s is no revision", async (name) => {
  await expect(findRevision(name)).rejects.toThrow(`--against is "${name}"; git knows no such revision here`);
});

test("a revision is found by whatever git calls it", async () => {
  expect(await findRevision("HEAD")).toEqual({ name: "HEAD", commit: expect.stringMatching(/^[0-9a-f]{40}$/) });
});
