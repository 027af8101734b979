// Jest runs CommonJS: the toolchain's modules (which run before anything is installed, so they are not compiled) become it here.
const { transformSync } = require("esbuild");

module.exports = {
  process(source, file) {
    return transformSync(source, { format: "cjs", target: "node20", sourcemap: "inline", sourcefile: file });
  },
};
