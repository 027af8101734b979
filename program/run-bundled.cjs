// Runs TypeScript of the project as one bundled file, in a quarter of the time that ts-node takes. CommonJS by its name,
// since Pulumi requires the program and the set-up's ES modules load it too.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { bundleSync } = require("./bundle.cjs");

const root = path.resolve(__dirname, "..");

/**
 * @param name which bundle it is: `dist/<name>.js` is its text
 * @param entry its first file, relative to the project
 * @param parent the module that asks for it
 * @returns what that file exports
 */
exports.runBundled = function runBundled(name, entry, parent) {
  const { outputs } = bundleSync(name, {
    absWorkingDir: root,
    entryPoints: [entry],
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
  });
  const [{ text: code }] = outputs;
  // For the eyes: stack traces name lines of it. A source map would be read for each of the traces that Pulumi collects.
  const file = path.join(root, `dist/${name}.js`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, code);

  const program = new Module(file, parent);
  program.filename = file;
  program.paths = Module._nodeModulePaths(root);
  program._compile(code, file);
  return program.exports;
};
