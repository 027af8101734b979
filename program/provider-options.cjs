// How a dynamic resource's provider is bundled, when the program runs and when it is packed. CommonJS by its name, since
// the program (CommonJS) and the packing (an ES module) both load it.

/** esbuild's options. @param entry the provider's module without extension, relative to the project */
exports.providerOptions = function providerOptions(entry) {
  return {
    entryPoints: [`${entry}.ts`],
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    // Its failures are sentences. A stack trace with names in it would make each resource's state a tenth larger.
    minify: true,
    legalComments: "none",
  };
};
