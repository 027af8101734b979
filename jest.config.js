/** One run, one summary: the fast tests first, then the real pipeline. */
const typescript = {
  testEnvironment: "node",
  transform: {
    "\\.ts$": ["ts-jest", { diagnostics: false }],
    // A file named .mjs stays ESM with TypeScript, whatever the options.
    "\\.mjs$": "<rootDir>/test/toolchain/mjs.cjs",
  },
  moduleFileExtensions: ["ts", "mjs", "js", "json"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.state/"],
};

module.exports = {
  // Two cores, a browser and five containers: more workers only make each other slow.
  maxWorkers: 1,
  testSequencer: "<rootDir>/test/support/sequencer.js",
  projects: [
    {
      ...typescript,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.{ts,mjs}"],
      testPathIgnorePatterns: ["<rootDir>/test/integration/"],
    },
    { ...typescript, displayName: "integration", testMatch: ["<rootDir>/test/integration/*.test.ts"] },
  ],
};
