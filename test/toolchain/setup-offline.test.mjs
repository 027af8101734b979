// The set-up as a process, on machines made of stubs from which no release can be downloaded: CLI and plugins are built.
import { afterEach, describe, expect, test } from "@jest/globals";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Machine } from "./machine.mjs";

const machines = [];
const use = (machine) => (machines.push(machine), machine);
afterEach(() => machines.splice(0).forEach((machine) => machine.remove()));

describe("where nothing can be downloaded", () => {
  const offline = () => {
    const machine = use(
      Machine.ready().without("pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs").go(),
    );
    return machine.clear("pulumi-home").clear("stack");
  };

  test("CLI and plugins are built, and a second run builds nothing", async () => {
    const machine = offline();
    const { code, stdout, stderr } = await machine.setUp();
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Pulumi CLI \(download, .*next: build\nPulumi CLI: built .*\n(?:Stack dev.*\n)?Plugin docker: built .*\n(?:Stack dev.*\n)?Plugin kafka: built /,
    );
    const built = machine.calls("go build");
    expect(built.map((call) => call.split(" ").at(-1))).toEqual([
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      "./docker",
      "./kafka",
    ]);
    expect((await machine.setUp()).stdout).toMatch(/^Ready: docker 20\.10\.24, pulumi 3\.274\.1/);
    expect(machine.calls("go build")).toHaveLength(4);
  });

  test("a second checkout with the same pins finds them built", async () => {
    const machine = offline();
    await machine.setUp();
    machine.clear("pulumi-home").clear("stack");
    expect((await machine.setUp()).code).toBe(0);
    expect(machine.calls("go build")).toHaveLength(4);
  });

  test("packages that this project never calls are not compiled: stand-ins take their place", async () => {
    const machine = offline().state("go-keeps-modules");
    const buildx = join(machine.folder, "go", "github.com", "docker", "buildx");
    mkdirSync(join(buildx, "driver", "kubernetes"), { recursive: true });
    for (const file of ["go.mod", "driver/kubernetes/driver.go", "driver/manager.go", "driver/manager_test.go"])
      writeFileSync(join(buildx, file), "");
    expect((await machine.setUp()).code).toBe(0);
    expect(machine.read("kept/go.mod")).toMatch(
      /^module cdc\/toolchain\/providers\n[^]*\nreplace github\.com\/docker\/buildx => \/\S+\/github\.com\/docker\/buildx\n$/,
    );
    const copy = (path) => `kept/github.com/docker/buildx/${path}`;
    expect(machine.read(copy("driver/kubernetes/left_out.go"))).toContain("\npackage kubernetes");
    expect(
      ["go.mod", "driver/manager.go", "driver/kubernetes/driver.go", "driver/manager_test.go"].map((path) =>
        machine.has(copy(path)),
      ),
    ).toEqual([true, true, false, false]);
  });

  test("packages are installed while the CLI is built", async () => {
    const machine = offline().state("go-hangs").stub("npm", '[ "$1" = ci ]');
    machine.age("node_modules/.package-lock.json");
    const { child, done } = machine.start("setup.mjs");
    while (!machine.has("go-pid") || machine.calls("npm ci").length === 0) await wait(50);
    child.kill("SIGINT");
    expect((await done).code).toBe(130);
  });

  test("steps at work end when another step fails, and that failure is reported", async () => {
    const machine = offline().state("go-hangs");
    machine.stub(
      "npm",
      `[ "$1" = ci ] || exit 1; while ! [ -f "$MACHINE/go-pid" ]; do sleep 0.05; done; echo "npm error EUSAGE" >&2; exit 1`,
    );
    machine.age("node_modules/.package-lock.json");
    const { code, stderr } = await machine.setUp();
    expect(code).toBe(1);
    expect(stderr).toContain("Set-up failed: node_modules (npm, ");
    expect(stderr).toContain("npm error EUSAGE");
    expect(machine.has("go-ended")).toBe(true);
    expect(existsSync(join(machine.cache, "lock"))).toBe(false);
  });

  test("a CLI that is too old is not used", async () => {
    const machine = offline().cli("3.100.0");
    expect((await machine.setUp()).stdout).toContain("pulumi 3.274.1");
  });

  test("without Go, not root: says what to install", async () => {
    const machine = offline().without("go");
    const { code, stderr } = await machine.setUp();
    expect(code).toBe(1);
    expect(stderr).toContain("What to do: install the Pulumi CLI 3.200.0 or newer");
    expect(stderr).toContain("or install Go 1.26");
  });

  test("a failing build says what failed, where its log is, its last lines and what to do", async () => {
    const machine = offline().state("go-fails");
    const { code, stderr } = await machine.setUp();
    expect(code).toBe(1);
    const log = join(machine.cache, "logs", "cli.log");
    expect(stderr).toMatch(/^Set-up failed: Pulumi CLI \(build, \d+\.\d s\): go ended with code 1\n/);
    expect(stderr).toContain(`Log: ${log}\n`);
    expect(stderr).toContain("  | pkg/mod/x.go:1:1: something is undefined\n");
    expect(stderr).toContain("What to do: ");
    expect(existsSync(log)).toBe(true);
  });

  test("a killed build leaves nothing half-made, and the next run takes over its lock and finishes", async () => {
    const machine = offline().state("go-hangs");
    const { child, done } = machine.start("setup.mjs");
    while (!machine.has("go-pid")) await wait(50);
    child.kill("SIGKILL");
    await done;
    process.kill(-Number(machine.read("go-pid")), "SIGKILL");
    expect(existsSync(join(machine.cache, "lock"))).toBe(true);
    machine.clear("go-hangs");
    const { code, stdout } = await machine.setUp();
    expect(code).toBe(0);
    expect(stdout).not.toContain("Waiting");
    expect(readdirSync(machine.cache)).not.toContain("lock");
  });

  test("an interrupted set-up ends its build and gives its lock back", async () => {
    const machine = offline().state("go-hangs");
    const { child, done } = machine.start("setup.mjs");
    while (!machine.has("go-pid")) await wait(50);
    child.kill("SIGINT");
    expect((await done).code).toBe(130);
    expect(existsSync(join(machine.cache, "lock"))).toBe(false);
    await wait(500);
    expect(machine.has("go-ended")).toBe(true);
  });

  test("two set-ups at once: the second waits and builds nothing itself", async () => {
    const machine = offline();
    const [first, second] = await Promise.all([machine.setUp(), machine.setUp()]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(machine.calls("go build")).toHaveLength(4);
  });
});
