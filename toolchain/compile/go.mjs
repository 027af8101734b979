// Builds from toolchain/go, with a Go that is new enough for the modules.
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installPackages } from "../programs/apt.mjs";
import { capture, CommandError, isExecutable, run } from "../programs/command.mjs";
import { pathOf } from "../environment/environment.mjs";
import { standInArguments } from "./go-stand-ins.mjs";
import { temporaryFolder } from "../../program/temporary-folder.cjs";
import { goWay } from "../plan/plan.mjs";
import { versionIn } from "../plan/versions.mjs";

/**
 * Builds each target into the folder of the build. It is built under another name first, so that a killed build leaves nothing half-made.
 *
 * @param {{ folder: string, targets: { module: string, file: string, args: string[], main: string }[] }} build
 */
export async function goBuild({ folder, targets }, context) {
  const env = await goEnvironment(context);
  mkdirSync(folder, { recursive: true });
  for (const { module, file, args, main } of targets) {
    const made = join(folder, file);
    if (isExecutable(made)) continue;
    const unfinished = join(folder, `.${file}.unfinished`);
    const { root, log } = context;
    const cwd = join(root, "toolchain", "go", module);
    const copies = temporaryFolder("go");
    try {
      const standIns = await standInArguments({ root, module, folder: copies, cwd, env, log });
      await run("go", ["build", "-trimpath", ...standIns, ...args, "-o", unfinished, main], { log, cwd, env });
    } finally {
      rmSync(copies, { recursive: true, force: true });
    }
    renameSync(unfinished, made);
  }
}

/** Without cgo a build needs no C compiler and is the same everywhere. */
async function goEnvironment({ pins, log, env }) {
  const base = { ...env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: `${env.GOFLAGS ?? ""} -buildvcs=false`.trim() };
  let version = await goVersion(env);
  if (!version) {
    await installPackages(["golang-go"], log);
    version = await goVersion(env);
  }
  switch (goWay(version, pins.go)) {
    case "use":
      return { ...base, GOTOOLCHAIN: "local" };
    case "self-update":
      return { ...base, GOTOOLCHAIN: `go${pins.go}` };
    case "fetch-module":
      return {
        ...base,
        GOTOOLCHAIN: "local",
        PATH: join(await fetchToolchain(pins.go, base, log), "bin") + delimiter + pathOf(env),
      };
    default:
      throw new CommandError("Go was installed, and `go version` does not say which it is", log);
  }
}

async function goVersion(env) {
  const { code, stdout } = await capture("go", ["version"], { env: { ...env, GOTOOLCHAIN: "local" } });
  return code === 0 ? versionIn(stdout) : undefined;
}

/** Fetches a newer Go, as newer versions do by themselves. A toolchain is a module, whose programs an older Go unpacks as plain files. */
async function fetchToolchain(version, env, log) {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const arch = { x64: "amd64", ia32: "386" }[process.arch] ?? process.arch;
  const module = `golang.org/toolchain@v0.0.1-go${version}.${platform}-${arch}`;
  const nowhere = temporaryFolder("go");
  try {
    const { code, stdout, stderr } = await capture("go", ["mod", "download", "-json", module], {
      cwd: nowhere,
      env,
      seconds: 600,
    });
    if (code !== 0) throw new CommandError(`go mod download ${module}: ${stderr || stdout}`, log);
    const folder = JSON.parse(stdout).Dir;
    makeExecutable(join(folder, "bin"));
    makeExecutable(join(folder, "pkg", "tool"));
    return folder;
  } finally {
    rmSync(nowhere, { recursive: true, force: true });
  }
}

function makeExecutable(folder) {
  for (const entry of readdirSync(folder, { recursive: true })) {
    const file = join(folder, entry);
    const { mode } = statSync(file);
    if (statSync(file).isFile() && (mode & 0o111) !== 0o111) chmodSync(file, mode | 0o111);
  }
}
