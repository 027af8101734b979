// A fake machine: a copy of the project's toolchain, and a PATH with only stubs that record their calls.
import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROJECT = resolve();

/** Replaces the facts that a process reads about its host, before the set-up's first import. */
const PRELOAD = `
const fs = require("node:fs");
const { existsSync, readFileSync } = fs;
const { FAKE_PLATFORM, FAKE_UID, FAKE_OS_RELEASE, FAKE_NODE } = process.env;
if (FAKE_PLATFORM) Object.defineProperty(process, "platform", { value: FAKE_PLATFORM });
if (FAKE_UID) process.getuid = () => Number(FAKE_UID);
if (FAKE_NODE) Object.defineProperty(process, "versions", { value: { ...process.versions, node: FAKE_NODE } });
fs.readFileSync = (path, ...rest) => (path === "/etc/os-release" ? FAKE_OS_RELEASE : readFileSync(path, ...rest));
const absent = ["/run/systemd/system", "/var/run/docker.pid", "/usr/local/share/ca-certificates"];
const { statfs } = fs.promises;
fs.promises.statfs = (path) => (process.env.FAKE_FULL === path ? Promise.resolve({ bavail: 0, bsize: 4096 }) : statfs(path));
fs.existsSync = (path) => !absent.includes(path) && existsSync(path);
require("node:module").syncBuiltinESMExports();
`;

const DOCKER = `
[ -f "$MACHINE/engine-down" ] && { cat "$MACHINE/engine-down" >&2; exit 1; }
case "$1 $2" in
  "version --format") echo 20.10.24+dfsg1 ;;
  "context inspect") echo "default unix:///var/run/docker.sock" ;;
  "info --format") [ -f "$MACHINE/root-dir" ] && cat "$MACHINE/root-dir" ;;
  "image inspect") [ -f "$MACHINE/base-image" ] && echo sha256:0 ;;
  "pull --quiet") echo "lookup registry: no such host" >&2; exit 1 ;;
  "import --change") : > "$MACHINE/base-image" ;;
esac`;

const PULUMI = `
case "$1 $2" in
  "version ") echo "v$VERSION" ;;
  "plugin install") [ "$6" ] || [ -f "$MACHINE/online" ] || { echo "no such host" >&2; exit 1; }
    mkdir -p "$PULUMI_HOME/plugins/resource-$4-v$5" ;;
  "stack --show-name") [ -f "$MACHINE/stack" ] && exec cat "$MACHINE/stack"
    [ -f "$MACHINE/says" ] && cat "$MACHINE/says" >&2 || echo "error: no stack selected; please use pulumi stack select" >&2
    exit 255 ;;
  "stack ls") [ -f "$MACHINE/stacks" ] && cat "$MACHINE/stacks" || echo "[]" ;;
  "stack select") [ "$3" = --create ] && shift; echo "$3" > "$MACHINE/stack" ;;
  "stack init") echo "$4" > "$MACHINE/stack" ;;
esac`;

/** A stub of go. It writes the file that it has to build: a stub of the CLI, or any file. */
const GO = `
[ "$1" = version ] && { echo "go version go1.26.8 linux/amd64"; exit 0; }
[ "$1" = list ] && {
  shift 4
  for name; do
    case $name in */driver/kubernetes) module=\${name%/driver/kubernetes} ;; *) module=$name ;; esac
    mkdir -p "$MACHINE/go/$name"
    printf '%s\\t%s\\t%s\\t%s\\n' "$name" "$MACHINE/go/$name" "$module" "$MACHINE/go/$module"
  done
  exit 0; }
[ -f "$MACHINE/go-keeps-modules" ] && [ "$3" = -modfile ] && { mkdir -p "$MACHINE/kept"; cp -R "\${4%/go.mod}/." "$MACHINE/kept"; }
while [ $# -gt 0 ]; do [ "$1" = -o ] && out="$2"; last="$1"; shift; done
[ -f "$MACHINE/go-fails" ] && { echo "pkg/mod/x.go:1:1: something is undefined" >&2; exit 1; }
[ -f "$MACHINE/go-hangs" ] && {
  echo half > "$out"; chmod +x "$out"
  trap ': > "$MACHINE/go-ended"; exit 1' TERM
  echo $$ > "$MACHINE/go-pid"; sleep 60 & wait; }
cp "$MACHINE/stubs/pulumi" "$out"`;

export class Machine {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "cdc-machine-"));
    this.root = join(this.folder, "project");
    this.bin = join(this.folder, "bin");
    this.cache = join(this.folder, "cache");
    this.pulumiHome = join(this.folder, "pulumi-home");
    for (const folder of [this.root, this.bin, join(this.folder, "stubs"), join(this.root, "images", "kafka")])
      mkdirSync(folder, { recursive: true });
    for (const file of ["program", "toolchain", "package.json", "package-lock.json"])
      cpSync(join(PROJECT, file), join(this.root, file), { recursive: true });
    writeFileSync(this.preload, PRELOAD);
    for (const tool of ["sh", "cat", "cp", "chmod", "mkdir", "sleep"]) this.#link(tool);
    this.#write(join(this.folder, "stubs", "pulumi"), PULUMI, "3.274.1");
  }

  get preload() {
    return join(this.folder, "preload.cjs");
  }

  /** A machine with everything that a user of Pulumi and Docker has. */
  static ready() {
    const machine = new Machine();
    machine.stub("docker", DOCKER).stub("npm", "exit 1").cli("3.250.0").state("base-image").state("stack", "dev");
    for (const plugin of ["docker-v5.2.0", "kafka-v3.13.2"])
      mkdirSync(join(machine.pulumiHome, "plugins", `resource-${plugin}`), { recursive: true });
    mkdirSync(join(machine.root, "node_modules"));
    writeFileSync(join(machine.root, "node_modules", ".package-lock.json"), "{}");
    return machine;
  }

  stub(name, script) {
    this.#write(join(this.bin, name), script);
    return this;
  }

  /** Moves a stub off the PATH, to the folder from which a stub of a package manager can install it. */
  moveToStubs(name) {
    renameSync(join(this.bin, name), join(this.folder, "stubs", name));
    return this;
  }

  docker() {
    return this.stub("docker", DOCKER);
  }

  go() {
    return this.stub("go", GO);
  }

  cli(version) {
    this.#write(join(this.bin, "pulumi"), PULUMI, version);
    return this.stub("pulumi-language-nodejs", "").stub("pulumi-resource-pulumi-nodejs", "");
  }

  without(...names) {
    for (const name of names) rmSync(join(this.bin, name));
    return this;
  }

  /** Sets a fact that the stubs read, such as "engine-down" or "go-fails". */
  state(name, text = "") {
    writeFileSync(join(this.folder, name), text);
    return this;
  }

  clear(name) {
    rmSync(join(this.folder, name), { recursive: true, force: true });
    return this;
  }

  has(name) {
    return existsSync(join(this.folder, name));
  }

  read(name) {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Makes package-lock.json younger than what is installed. */
  age(path) {
    utimesSync(join(this.root, path), new Date(0), new Date(0));
    return this;
  }

  /** All calls of a stub in order, as "name arguments". */
  calls(name) {
    const calls = this.has("calls") ? this.read("calls").trim().split("\n") : [];
    return name ? calls.filter((call) => call.startsWith(`${name} `)) : calls;
  }

  /** Starts a script of the toolchain; `done` gives its code and output. */
  start(script, args = [], { platform = process.platform, uid = 1000, osRelease = "ID=debian\n", env = {} } = {}) {
    const child = spawn(process.execPath, ["--require", this.preload, join(this.root, "toolchain", script), ...args], {
      cwd: this.root,
      env: {
        PATH: this.bin,
        HOME: this.folder,
        MACHINE: this.folder,
        CDC_CACHE_DIR: this.cache,
        PULUMI_HOME: this.pulumiHome,
        FAKE_PLATFORM: platform,
        FAKE_UID: String(uid),
        FAKE_OS_RELEASE: osRelease,
        ...env,
      },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += data));
    child.stderr.on("data", (data) => (stderr += data));
    const done = new Promise((settle) => child.on("close", (code, signal) => settle({ code, signal, stdout, stderr })));
    return { child, done };
  }

  setUp(options) {
    return this.start("setup.mjs", [], options).done;
  }

  remove() {
    // A stub that was told to end may still write its last file.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  #write(file, script, version = "") {
    const record = `echo "${file.split("/").at(-1)} $*" >> "$MACHINE/calls"`;
    writeFileSync(file, `#!/bin/sh\nVERSION=${version}\n${record}\n${script}\n`);
    chmodSync(file, 0o755);
  }

  #link(tool) {
    const file = ["/bin", "/usr/bin"].map((folder) => join(folder, tool)).find(existsSync);
    symlinkSync(file, join(this.bin, tool));
  }
}
