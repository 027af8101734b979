// Debian's packages, on machines made of stubs.
import { afterEach, expect, test } from "@jest/globals";
import { Machine } from "./machine.mjs";

const machines = [];
afterEach(() => machines.splice(0).forEach((machine) => machine.remove()));

/** A bare Debian whose apt does that, and then gives it Docker. */
function bare(install) {
  const machine = Machine.ready().without("docker").state("engine-down", "not running");
  machines.push(machine);
  machine.stub(
    "apt-get",
    `[ "$4" = install ] || exit 0; ${install}; cp "$MACHINE/stubs/docker" "$MACHINE/stubs/dockerd" "${machine.bin}"`,
  );
  machine.docker().stub("dockerd", `/bin/rm -f "$MACHINE/engine-down"; exec sleep 5`);
  for (const name of ["docker", "dockerd"]) machine.moveToStubs(name);
  return machine;
}
const root = { platform: "linux", uid: 0 };

test("what a power cut has left half-unpacked is finished, and the install goes on", async () => {
  const machine = bare('[ -f "$MACHINE/configured" ] || { echo "E: dpkg was interrupted" >&2; exit 100; }');
  machine.stub("dpkg", '[ "$*" = "--configure -a" ] && : > "$MACHINE/configured"');
  const { stdout, stderr } = await machine.setUp(root);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^Docker engine: started .*\nReady/);
});

test("packages that cannot be had are the reason that is told, not the daemon", async () => {
  const { code, stderr } = await bare("exit 100").setUp(root);
  expect(code).toBe(1);
  expect(stderr).toContain("Docker engine (start, ");
  expect(stderr).toContain("What to do: see the log; `apt-get install docker.io` must work here.");
});

test("a step that fails beside it does not end apt while it unpacks, and nothing further is begun", async () => {
  const unpacking = `trap ': > "$MACHINE/killed"; exit 1' TERM
    : > "$MACHINE/unpacking"; while [ ! -f "$MACHINE/failed" ]; do sleep 0.1; done
    sleep 1 & wait; : > "$MACHINE/unpacked"`;
  const machine = bare(unpacking).age("node_modules/.package-lock.json");
  machine.stub(
    "npm",
    'while [ ! -f "$MACHINE/unpacking" ]; do sleep 0.1; done; : > "$MACHINE/failed"; echo "no registry" >&2; exit 1',
  );
  const { code, stderr } = await machine.setUp(root);
  expect(code).toBe(1);
  expect(stderr).toContain("`npm ci` must work in this folder");
  expect([machine.has("killed"), machine.has("unpacked")]).toEqual([false, true]);
  expect(machine.calls("dockerd")).toEqual([]);
});
