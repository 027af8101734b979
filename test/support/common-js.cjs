// Jest runs CommonJS. This turns TypeScript and ES modules into it by esbuild, in a twentieth of the compiler's time. `npm run check` checks types.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { transformSync, version } = require("esbuild");

const own = readFileSync(__filename);

/** Moves `jest.mock` before the imports, which esbuild does not. Loaded only when it is needed, because it loads the compiler. */
let hoisting;

module.exports = {
  /** Jest's own key does not depend on this file. */
  getCacheKey(source, file) {
    return createHash("sha256").update(`${version}\0${file}\0`).update(own).update(source).digest("hex");
  },

  process(source, file, options) {
    if (file.endsWith(".ts") && source.includes("jest.mock(")) {
      const transformerConfig = { diagnostics: false };
      hoisting ??= require("ts-jest").default.createTransformer(transformerConfig);
      return hoisting.process(source, file, { ...options, transformerConfig });
    }
    return transformSync(source, {
      ...{ loader: file.endsWith(".ts") ? "ts" : "js", format: "cjs", target: "node20" },
      ...{ sourcemap: "inline", sourcefile: file },
      // Jest's modules know no `import()`.
      supported: { "dynamic-import": false },
    });
  },
};
