import { describe, expect, test } from "@jest/globals";
import { canBegin, chooseCli, goWay, nodeTooOld, plan, readyText, renewals } from "../../../toolchain/plan/plan.mjs";
import { bare, only, pins, ready } from "./machine-facts.mjs";

const ways = (facts) => Object.fromEntries(plan(facts, pins).map((step) => [step.id, step.ways]));

test("a ready machine has nothing missing", () => {
  expect(plan(ready, pins)).toEqual([]);
  expect(readyText(ready, pins)).toBe(
    "Ready: docker 20.10.24, pulumi 3.250.0, plugins docker 5.2.0 kafka 3.13.2, stack dev",
  );
});

describe("what can begin", () => {
  const ids = (atWork) =>
    canBegin(
      plan(bare, pins).filter(({ id }) => !atWork.includes(id)),
      atWork,
    ).map(({ id }) => id);

  test("is what needs nothing of what is missing", () => {
    expect(ids([])).toEqual(["engine", "cli", "packages", "certificates"]);
  });

  test("nothing begins whose need is still at work", () => {
    expect(ids(["engine", "cli", "packages", "certificates"])).toEqual([]);
    const withCli = { ...bare, cli: ready.cli };
    const next = canBegin(
      plan(withCli, pins).filter(({ id }) => id !== "engine"),
      ["engine"],
    );
    expect(next.map(({ id }) => id)).toEqual(["plugin-docker", "packages", "certificates", "stack"]);
  });
});

test("a bare Debian gets everything", () => {
  expect(Object.entries(ways(bare))).toEqual([
    ["engine", ["start"]],
    ["base-image", ["pull", "debootstrap"]],
    ["cli", ["download", "build"]],
    ["plugin-docker", ["download", "build"]],
    ["plugin-kafka", ["download", "build"]],
    ["packages", ["npm"]],
    ["certificates", ["copy"]],
    ["stack", ["create"]],
  ]);
});

describe("the stack that PULUMI_STACK names", () => {
  const says = "error: no stack named 'nwhere' found";
  const named = (name, hasSettings) => ({ stack: undefined, stackSays: says, namedStack: { name, hasSettings } });

  test("is refused where nothing is known of it, and no other is selected in its place", () => {
    expect(only(named("nwhere", false))).toEqual({
      id: "stack",
      ways: [],
      problem: `PULUMI_STACK names the stack "nwhere", which cannot be had: ${says}`,
      remedy:
        "`unset PULUMI_STACK` for the one that is selected; `PULUMI_STACK= npm run pulumi -- stack init nwhere` makes it.",
    });
  });

  test("is made where its settings are there, as after a fresh clone", () => {
    expect(only(named("ci", true)).ways).toEqual(["init"]);
    expect(only(named("dev", false)).ways).toEqual(["init"]);
  });

  test("is not made where the CLI has not said that it is not there", () => {
    const late = { ...named("ci", true), stackSays: "pulumi took longer than 20 s" };
    expect(only(late)).toMatchObject({
      id: "stack",
      ways: [],
      problem: "The Pulumi CLI does not say which stack is meant: pulumi took longer than 20 s",
    });
  });

  test("waits for the CLI that knows it", () => {
    expect(ways({ ...bare, namedStack: { name: "nwhere", hasSettings: false } }).stack).toEqual(["init"]);
  });
});

test("the base image is not pulled again where that has failed before", () => {
  expect(only({ baseImage: false, baseTarball: true }).ways).toEqual(["import"]);
});

test("a newer base is had by the way in which this machine gets one", () => {
  expect(renewals(ready)).toEqual(["pull"]);
  expect(renewals({ ...ready, root: true, debian: true })).toEqual(["pull", "debootstrap"]);
  expect(renewals({ ...ready, root: true, debian: true, baseTarball: true })).toEqual(["debootstrap"]);
  expect(renewals({ ...ready, baseTarball: true })).toEqual(["pull"]);
});

test("nobody but root on Debian is offered debootstrap", () => {
  expect(only({ baseImage: false, root: true }).ways).toEqual(["pull"]);
  expect(only({ baseImage: false, debian: true }).ways).toEqual(["pull"]);
});

test("a machine that had to build its CLI does not ask for plugin downloads", () => {
  const built = { ...bare, cli: { folder: "/cache", version: "3.274.1", origin: "built" } };
  expect(ways(built)["plugin-docker"]).toEqual(["build"]);
});

test("a plugin built from older sources is built again", () => {
  expect(only({ go: "1.26.8", plugins: { docker: "outdated", kafka: "current" } })).toMatchObject({
    id: "plugin-docker",
    ways: ["build"],
  });
});

test("without Go only downloads are tried, and the remedy names the Go that would do", () => {
  const step = only({ cli: undefined, stack: undefined });
  expect(step.ways).toEqual(["download"]);
  expect(step.remedy).toMatch(/install the Pulumi CLI 3\.200\.0 or newer.*; or install Go 1\.26\.6 or newer/);
});

test("disk space: what is needed, what is free, where", () => {
  const step = only({ baseImage: false, disk: { folder: "/var/lib/docker", gigabytes: 1.23 } });
  expect(step.ways).toEqual([]);
  expect(step.problem).toBe("The container images need 4 GB, and 1.2 GB are free in /var/lib/docker.");
  // That would remove the stack's stopped containers.
  expect(step.remedy).not.toContain("system prune");
  expect(plan({ ...ready, disk: { folder: "/", gigabytes: 1.23 } }, pins)).toEqual([]);
});

test("Node: the oldest that package.json allows is enough", () => {
  expect(nodeTooOld("20.19.0", pins)).toBeUndefined();
  expect(nodeTooOld("20.9.0", pins).problem).toContain("20.19.0 or newer");
});

describe("which CLI is used", () => {
  const own = { folder: "/usr/bin", version: "3.200.0", complete: true };
  const built = { folder: "/cache", version: "3.274.1", complete: true };
  test.each([
    ["the user's own, if new enough", { path: own, built }, "path"],
    ["ours when theirs is older", { path: { ...own, version: "3.199.9" }, built }, "built"],
    ["ours when theirs lacks its language host", { path: { ...own, complete: false }, built }, "built"],
    ["a downloaded one before a built one", { built, downloaded: built }, "downloaded"],
    ["none when theirs says no version", { path: { ...own, version: undefined } }, undefined],
  ])("%s", (_, candidates, origin) => {
    expect(chooseCli(candidates, "linux")?.origin).toBe(origin);
  });
});

test.each([
  [undefined, "install"],
  ["1.19.8", "fetch-module"],
  ["1.21.0", "self-update"],
  ["1.26.5", "self-update"],
  ["1.26.6", "use"],
  ["2.0.0", "use"],
])("Go %s: %s", (version, way) => {
  expect(goWay(version, "1.26.6")).toBe(way);
});
