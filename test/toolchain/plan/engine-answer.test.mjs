import { describe, expect, test } from "@jest/globals";
import { plan } from "../../../toolchain/plan/plan.mjs";
import { bare, only, pins } from "./machine-facts.mjs";

test("an engine that refuses DOCKER_API_VERSION is not started, and the variable is named", () => {
  const says = "Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.41";
  const step = only({
    root: true,
    debian: true,
    engine: { installed: true, version: undefined, apiVersion: "1.99", says },
  });
  expect([step.ways, step.remedy]).toEqual([[], expect.stringContaining("`unset DOCKER_API_VERSION`")]);
  expect(step.problem).toContain(`DOCKER_API_VERSION names (1.99): ${says}`);
});

describe("an engine that does not answer", () => {
  const down = { installed: true, version: undefined, says: "Cannot connect to the Docker daemon." };
  test.each([
    ["Linux, root on Debian", { root: true, debian: true }, {}, ["start"], undefined, "log"],
    ["Linux, root elsewhere", { root: true }, {}, [], "does not run", "systemctl start docker"],
    ["Linux, no Docker", {}, { installed: false }, [], "not installed", "package manager"],
    [
      "Debian, no Docker, not root",
      { debian: true },
      { installed: false },
      [],
      "not installed",
      "apt-get install docker.io",
    ],
    [
      "Linux, no permission",
      {},
      { says: "permission denied while trying to connect" },
      [],
      "may not use it",
      "usermod",
    ],
    ["macOS", { platform: "darwin" }, {}, [], "does not run", "start Docker Desktop"],
    [
      "Windows, no Docker",
      { platform: "win32" },
      { installed: false },
      [],
      "not installed",
      "install and start Docker Desktop",
    ],
    [
      "DOCKER_HOST, even as root on Debian",
      { root: true, debian: true },
      { hostSetting: "ssh://far" },
      [],
      "DOCKER_HOST names (ssh://far)",
      "unset",
    ],
    [
      "a context",
      {},
      { contextName: "colima", contextHost: "unix:///c.sock" },
      [],
      'context "colima"',
      "docker context use",
    ],
  ])("%s", (_, facts, engine, expectedWays, problem, remedy) => {
    const step = only({ ...facts, engine: { ...down, ...engine } });
    expect(step.ways).toEqual(expectedWays);
    if (problem) expect(step.problem).toContain(problem);
    expect(step.remedy).toContain(remedy);
  });
});

test.each([
  [
    ["DOCKER_CONTEXT"],
    'context "nowhere": context not found',
    ", by DOCKER_CONTEXT",
    "`unset DOCKER_CONTEXT` for the engine of this machine",
  ],
  [
    ["DOCKER_HOST"],
    "invalid bind address format: foo://x",
    ", by DOCKER_HOST",
    "`unset DOCKER_HOST` for the engine of this machine",
  ],
  [[], 'context "gone": context not found', "", "`docker context use default` for the engine of this machine"],
])(
  "with %j the docker command finds no engine to ask: none is started, also where one could be",
  (choosing, why, by, remedy) => {
    const says = `Failed to initialize: unable to resolve docker endpoint: ${why}`;
    const [step] = plan({ ...bare, engine: { installed: true, version: undefined, says, choosing } }, pins);
    expect(step).toMatchObject({
      id: "engine",
      ways: [],
      problem: `The docker command cannot tell which engine is meant${by}: ${says}`,
    });
    expect(step.remedy).toContain(remedy);
  },
);
