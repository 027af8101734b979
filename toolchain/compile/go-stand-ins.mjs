// Go packages that take minutes to compile, and that this project never calls. Packages of toolchain/go/left-out take their place.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { capture, CommandError } from "../programs/command.mjs";

/** The folder of a module's stand-ins. Each is one file, in a folder named after the package that it replaces. */
export function leftOutFolder(root, module) {
  return join(root, "toolchain", "go", "left-out", module);
}

/**
 * Makes a go.mod that takes the stand-ins' modules from copies, in which those packages have nothing but their stand-in.
 * Go's `-overlay` would do it without a copy, but refuses files of the module cache.
 *
 * @param {{ root: string, module: string, folder: string, cwd: string, env: NodeJS.ProcessEnv, log: string }} where
 *   `folder`: a new one, for the copies and the go.mod; `cwd`: the module that is built
 * @returns {Promise<string[]>} arguments for `go build`
 */
export async function standInArguments({ root, module, folder, cwd, env, log }) {
  const standIns = filesBelow(leftOutFolder(root, module)).filter((path) => path.endsWith(".go"));
  if (standIns.length === 0) return [];
  const byPackage = new Map(standIns.map((path) => [dirname(path).split(sep).join("/"), path]));
  const places = await packagePlaces([...byPackage.keys()], { cwd, env, log });
  for (const { modulePath, moduleFolder } of places) {
    const copy = join(folder, modulePath);
    if (existsSync(copy)) continue;
    const emptied = places.filter((each) => each.modulePath === modulePath).map((each) => each.inModule);
    copyModule(moduleFolder, copy, emptied);
  }
  for (const { name, inModule, modulePath } of places) {
    const standIn = join(folder, modulePath, inModule, "left_out.go");
    mkdirSync(dirname(standIn), { recursive: true });
    copyFileSync(join(leftOutFolder(root, module), byPackage.get(name)), standIn);
  }
  const replaced = [...new Set(places.map(({ modulePath }) => modulePath))];
  const lines = replaced.map((path) => `replace ${path} => ${join(folder, path)}`);
  const file = join(folder, "go.mod");
  writeFileSync(file, [readFileSync(join(cwd, "go.mod"), "utf8"), ...lines, ""].join("\n"));
  copyFileSync(join(cwd, "go.sum"), join(folder, "go.sum"));
  return ["-modfile", file];
}

/** The folders in which Go keeps packages. Go fetches their modules first. */
async function packagePlaces(names, { cwd, env, log }) {
  const format = "{{.ImportPath}}\t{{.Dir}}\t{{.Module.Path}}\t{{.Module.Dir}}";
  const { code, stdout, stderr } = await capture("go", ["list", "-find", "-f", format, ...names], {
    cwd,
    env,
    seconds: 600,
  });
  if (code !== 0) throw new CommandError(`go list ${names.join(" ")}: ${stderr || stdout}`, log);
  return stdout.split(/\r?\n/).map((line) => {
    const [name, packageFolder, modulePath, moduleFolder] = line.split("\t");
    return { name, modulePath, moduleFolder, inModule: relative(moduleFolder, packageFolder) || "." };
  });
}

/** Copies a module without its tests, and without the sources of the packages that are left out. */
function copyModule(from, to, emptied) {
  for (const path of filesBelow(from)) {
    const source = /\.(go|s)$/.test(path);
    if (path.endsWith("_test.go") || (source && emptied.includes(dirname(path)))) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    copyFileSync(join(from, path), join(to, path));
  }
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !(entry.parentPath ?? entry.path).split(sep).includes("testdata"))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
}
