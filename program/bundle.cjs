// esbuild's bundles. Each is kept with a hash of all that it was made of. Most starts have nothing edited: they take the kept
// bundle and do not load esbuild, which saves 0.3 s of CPU. CommonJS by its name, since Pulumi requires the program.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

/** Bundles as esbuild's `build` with these options, or takes what that made when nothing has changed since. */
exports.bundle = async function bundle(name, options) {
  const begun = Date.now();
  return kept(name, options) ?? keep(name, options, begun, await require("esbuild").build(complete(options)));
};

/** The same, at once. */
exports.bundleSync = function bundleSync(name, options) {
  const begun = Date.now();
  return kept(name, options) ?? keep(name, options, begun, require("esbuild").buildSync(complete(options)));
};

function complete(options) {
  return { ...options, bundle: true, write: false, metafile: true, logLevel: "silent" };
}

function kept(name, options) {
  try {
    const { inputs, hash, outputs } = JSON.parse(fs.readFileSync(fileOf(name, options), "utf8"));
    return hash === hashOf(options, inputs) ? { outputs, inputs } : undefined;
  } catch {
    // None yet, or none of use.
    return undefined;
  }
}

function keep(name, options, begun, { outputFiles, metafile }) {
  const root = rootOf(options);
  const outputs = outputFiles.map((file) => ({
    path: path.relative(root, file.path).replaceAll("\\", "/"),
    text: file.text,
  }));
  // Text given as an option is an input with a name, and no file.
  const inputs = Object.keys(metafile.inputs).filter((input) => fs.existsSync(path.resolve(root, input)));
  const file = fileOf(name, options);
  // Before the hash, which knows what folders are there.
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const hash = hashOf(options, inputs);
  // What was edited meanwhile may not be in it. Within the first millisecond it is: esbuild reads nothing so soon.
  if (inputs.some((input) => fs.statSync(path.resolve(root, input)).ctimeMs >= begun + 1)) return { outputs, inputs };
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify({ inputs, hash, outputs }));
  fs.renameSync(draft, file);
  return { outputs, inputs };
}

function hashOf(options, inputs) {
  const root = rootOf(options);
  const hash = createHash("sha256").update(JSON.stringify(options));
  const add = (file) => hash.update(`\0${file}\0`).update(fs.readFileSync(path.resolve(root, file)));
  for (const input of inputs) add(input);
  // esbuild itself, and where packages are found. A program that uses this as a package may have another lock file, or none.
  const addIfThere = (file) => fs.existsSync(path.resolve(root, file)) && add(file);
  addIfThere("package-lock.json");
  const own = inputs.filter((input) => !input.includes("node_modules"));
  for (const folder of new Set(own.map((input) => path.dirname(input)))) {
    const names = fs.readdirSync(path.resolve(root, folder));
    // A new file may be found in place of another: page.tsx before page.ts.
    hash.update(`\0${names.join("\0")}`);
    for (const name of ["package.json", "tsconfig.json"]) if (names.includes(name)) add(path.join(folder, name));
  }
  for (const name of ["package.json", "tsconfig.json"]) addIfThere(name);
  return hash.digest("hex");
}

function fileOf(name, options) {
  return path.join(rootOf(options), "dist", "bundles", `${name}.json`);
}

function rootOf(options) {
  return options.absWorkingDir ?? process.cwd();
}
