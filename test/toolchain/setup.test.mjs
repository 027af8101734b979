// The set-up as a process, on machines made of stubs.
import { afterEach, describe, expect, test } from "@jest/globals";
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Machine } from "./machine.mjs";

const machines = [];
const use = (machine) => (machines.push(machine), machine);
afterEach(() => machines.splice(0).forEach((machine) => machine.remove()));

const changing = /docker (pull|import|load)|plugin install|stack select|^go build|^npm|^apt-get|^dockerd/;

describe("on a ready laptop", () => {
  for (const platform of ["linux", "darwin"]) {
    test(`${platform}: one line, and nothing is changed`, async () => {
      const machine = use(Machine.ready());
      const { code, stdout, stderr } = await machine.setUp({ platform });
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^Ready: docker 20\.10\.24, pulumi 3\.250\.0, plugins docker 5\.2\.0 kafka 3\.13\.2, stack dev \(\d+\.\d s\)\n$/,
      );
      expect(machine.calls().filter((call) => changing.test(call))).toEqual([]);
    });
  }

  test("a stack that the person has selected stays selected", async () => {
    const machine = use(Machine.ready().state("stack", "mine"));
    expect((await machine.setUp()).stdout).toContain("stack mine");
  });

  test("plugins are downloaded with the user's own CLI", async () => {
    const machine = use(Machine.ready().clear("pulumi-home").state("online"));
    const { code, stdout } = await machine.setUp();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Plugin docker: downloaded \(.* s\)\nPlugin kafka: downloaded \(.* s\)\nReady/);
    expect(machine.calls("pulumi").filter((call) => call.includes("plugin"))).toEqual([
      "pulumi plugin install resource docker 5.2.0",
      "pulumi plugin install resource kafka 3.13.2",
    ]);
  });

  test("a state that a killed run left unreadable is repaired before the CLI is asked for the stack", async () => {
    const machine = use(Machine.ready());
    const stacks = join(machine.root, ".state", ".pulumi", "stacks", "cdc");
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "dev.json.attrs"), "");
    const { code, stdout } = await machine.setUp();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^State: removed \S+dev\.json\.attrs, which a killed run had not finished\nReady: /);
    expect(readdirSync(stacks)).toEqual([]);
  });

  test("node_modules is installed once for one package-lock.json", async () => {
    const machine = use(Machine.ready().stub("npm", ""));
    machine.age("node_modules/.package-lock.json");
    expect((await machine.setUp()).stdout).toContain("node_modules: installed");
    expect((await machine.setUp()).stdout).toMatch(/^Ready/);
    expect(machine.calls("npm")).toEqual(["npm ci --include=dev"]);
  });

  test("node_modules of which a killed npm has removed some is installed again", async () => {
    const machine = use(Machine.ready().stub("npm", "mkdir -p node_modules/kept"));
    const record = join(machine.root, "node_modules", ".package-lock.json");
    writeFileSync(record, JSON.stringify({ packages: { "node_modules/removed": {} } }));
    expect((await machine.setUp()).stdout).not.toMatch(/^Ready/);
    expect(machine.calls("npm")).toEqual(["npm ci --include=dev"]);
  });

  test("what npm was killed in the middle of writing counts for nothing", async () => {
    const machine = use(Machine.ready().stub("npm", "echo '{}' > node_modules/.package-lock.json"));
    writeFileSync(join(machine.root, "node_modules", ".package-lock.json"), '{ "packages": {');
    expect((await machine.setUp()).stdout).toContain("node_modules: installed");
  });

  test("node_modules is installed again for another package-lock.json", async () => {
    const machine = use(Machine.ready().stub("npm", ""));
    machine.age("node_modules/.package-lock.json");
    await machine.setUp();
    appendFileSync(join(machine.root, "package-lock.json"), "\n");
    expect((await machine.setUp()).stdout).toContain("node_modules: installed");
    expect((await machine.setUp()).stdout).toMatch(/^Ready/);
  });

  test("the first stack is made where there is none", async () => {
    const machine = use(Machine.ready().clear("stack"));
    expect((await machine.setUp()).stdout).toContain("stack dev");
    expect(machine.calls()).toContain("pulumi stack select --create dev --non-interactive");
  });

  test("the only stack is selected where the CLI has forgotten it, as in a checkout that was moved", async () => {
    const machine = use(Machine.ready().clear("stack").state("stacks", '[{"name":"mine","current":false}]'));
    expect((await machine.setUp()).stdout).toContain("stack mine");
    expect(machine.calls("pulumi")).toContain("pulumi stack select mine --non-interactive");
  });

  test("of several stacks none is guessed", async () => {
    const machine = use(Machine.ready().clear("stack").state("stacks", '[{"name":"dev"},{"name":"two"}]'));
    const { code, stderr } = await machine.setUp();
    expect(code).toBe(1);
    expect(stderr).toContain("No stack is selected, and there are several: dev, two.");
    expect(stderr).toContain("npm run pulumi -- stack select NAME");
    expect(machine.calls().filter((call) => changing.test(call))).toEqual([]);
  });

  test("a CLI that fails otherwise has not said that no stack is selected", async () => {
    const machine = use(Machine.ready().clear("stack").state("says", "error: could not read the workspace"));
    const { code, stderr } = await machine.setUp();
    expect(code).toBe(1);
    expect(stderr).toContain("The Pulumi CLI does not say which stack is meant: error: could not read the workspace");
    expect(machine.calls().filter((call) => changing.test(call))).toEqual([]);
  });
});

describe("without an engine, the error says what to do, and nothing is made", () => {
  const unreachable =
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
  const denied = "Got permission denied while trying to connect to the Docker daemon socket";
  test.each([
    ["Linux, not root, not running", unreachable, { platform: "linux" }, "sudo systemctl start docker"],
    ["Linux, not root, not allowed", denied, { platform: "linux" }, "usermod -aG docker"],
    ["macOS", unreachable, { platform: "darwin" }, "start Docker Desktop"],
    [
      "DOCKER_HOST",
      unreachable,
      { uid: 0, env: { DOCKER_HOST: "tcp://10.0.0.1:2375" } },
      "DOCKER_HOST names (tcp://10.0.0.1:2375)",
    ],
  ])("%s", async (_, says, options, told) => {
    const machine = use(Machine.ready().clear("stack").state("engine-down", says));
    const { code, stderr } = await machine.setUp(options);
    expect(code).toBe(1);
    expect(stderr).toContain("Set-up failed: ");
    expect(stderr).toContain(told);
    expect(machine.calls().filter((call) => changing.test(call))).toEqual([]);
  });
});

test("root on Debian: the engine is installed, started without a service manager, and given its base image", async () => {
  const machine = use(Machine.ready().clear("base-image").without("docker"));
  machine.state("engine-down", "not running");
  machine.stub(
    "apt-get",
    `[ "$4" = install ] && { cp "$MACHINE/stubs/docker" "$MACHINE/stubs/dockerd" "${machine.bin}"; } ; true`,
  );
  machine.docker().stub("dockerd", `/bin/rm -f "$MACHINE/engine-down"; exec sleep 5`);
  for (const name of ["docker", "dockerd"]) machine.moveToStubs(name);
  machine.stub(
    "debootstrap",
    'mkdir -p "$3/usr/sbin" "$3/usr/share/doc" "$3/etc/dpkg/dpkg.cfg.d" "$3/etc/apt/apt.conf.d"; echo made',
  );
  machine.stub("tar", ': > "$4"').stub("rm", "").stub("umount", "");
  const { stdout, stderr, code } = await machine.setUp({ platform: "linux", uid: 0 });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Docker engine: started .*\n.*\(pull, .*not possible here.*next: debootstrap\nBase image debian:trixie-slim: made with debootstrap .*\nReady/,
  );
  expect(machine.calls("apt-get")[0]).toContain("install --no-install-recommends docker.io");
  expect(machine.calls("docker").at(-1)).not.toContain("pull");
});

test("Node that is too old is named with the place that asks for a newer one", async () => {
  const machine = use(Machine.ready());
  const { code, stderr } = await machine.setUp({ env: { FAKE_NODE: "18.20.0" } });
  expect(code).toBe(1);
  expect(stderr).toContain('Node 18.20.0 is too old: package.json ("engines") asks for 20.19.0 or newer.');
});
