// What Pulumi runs: index.ts, bundled by esbuild in some 50 ms. Pulumi's own ts-node takes a second for the same.
const Module = require("node:module");
const path = require("node:path");
const { buildSync } = require("esbuild");

// With the engine killed nobody reads what is written, and Pulumi's handler of that very error writes again, for ever.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", ({ code }) => code === "EPIPE" && process.exit(1));
}

const file = path.resolve(__dirname, "../index.ts");
const { outputFiles } = buildSync({
  entryPoints: [file],
  bundle: true,
  write: false,
  platform: "node",
  format: "cjs",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  logLevel: "silent",
});
const program = new Module(file, module);
program.filename = file;
program.paths = Module._nodeModulePaths(path.dirname(file));
program._compile(outputFiles[0].text, file);
module.exports = program.exports;
