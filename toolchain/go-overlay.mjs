// Go packages that are compiled for minutes and that this project never calls: those of toolchain/go/left-out stand in their place.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { capture, CommandError } from "./command.mjs";

/** Where a module's stand-ins lie: each in a folder named after the package that it stands for. */
export function leftOutFolder(root, module) {
  return join(root, "toolchain", "go", "left-out", module);
}

/**
 * Writes the file that `go build -overlay` reads: of each such package all files are taken away, and the stand-in's put there.
 *
 * @param {{ root: string, module: string, file: string, cwd: string, env: NodeJS.ProcessEnv, log: string }} where
 * @returns {Promise<string[]>} what is said to `go build`
 */
export async function overlayArguments({ root, module, file, cwd, env, log }) {
  const standIns = goFilesBelow(leftOutFolder(root, module));
  if (standIns.length === 0) return [];
  const folders = await packageFolders([...new Set(standIns.map(({ name }) => name))], { cwd, env, log });
  const replaced = Object.fromEntries(
    Object.values(folders).flatMap((folder) => compiledIn(folder).map((each) => [join(folder, each), ""])),
  );
  for (const { name, path } of standIns) replaced[join(folders[name], "left_out.go")] = path;
  writeFileSync(file, JSON.stringify({ Replace: replaced }));
  return ["-overlay", file];
}

/** Each stand-in is one file. */
function goFilesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith(".go"))
    .map((path) => join(folder, path))
    .map((path) => ({ path, name: relative(folder, dirname(path)).split(sep).join("/") }));
}

/** Where Go keeps the sources of packages; it fetches their modules first. */
async function packageFolders(names, { cwd, env, log }) {
  const { code, stdout, stderr } = await capture("go", ["list", "-find", "-f", "{{.ImportPath}}\t{{.Dir}}", ...names], {
    cwd,
    env,
    seconds: 600,
  });
  if (code !== 0) throw new CommandError(`go list ${names.join(" ")}: ${stderr || stdout}`, log);
  return Object.fromEntries(stdout.split(/\r?\n/).map((line) => line.split("\t")));
}

function compiledIn(folder) {
  return readdirSync(folder).filter((name) => /\.(go|s)$/.test(name) && !name.endsWith("_test.go"));
}
