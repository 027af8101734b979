/** One run, one summary: the fast tests first, then the real pipeline. */
const typescript = {
  testEnvironment: "node",
  transform: {
    "\\.(ts|mjs)$": "<rootDir>/test/support/common-js.cjs",
  },
  // As in the package that `npm run package` makes: examples import it as other programs do.
  moduleNameMapper: {
    "^cdc/(connector|capture)$": "<rootDir>/components/$1/index.ts",
    "^cdc/(pipeline|handler)$": "<rootDir>/library/$1.ts",
  },
  moduleFileExtensions: ["ts", "mjs", "js", "json"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.state/"],
};

module.exports = {
  // Of the unit tests, which wait for as long as they work. Those with a stack have lanes of their own (test/support/jest).
  maxWorkers: 3,
  // A deadline that is not reached costs nothing; Jest's own, 5 s, is too short for a busy machine.
  testTimeout: 60_000,
  testSequencer: "<rootDir>/test/support/jest/sequencer.js",
  projects: [
    {
      ...typescript,
      displayName: "unit",
      // Not by testPathIgnorePatterns: one on the command line takes its place, and stacks would be started as unit tests.
      testMatch: ["<rootDir>/test/!(integration)/**/*.test.{ts,mjs}"],
    },
    {
      ...typescript,
      displayName: "integration",
      testMatch: ["<rootDir>/test/integration/*.test.ts"],
      runner: "<rootDir>/test/support/jest/lanes-runner.js",
    },
  ],
};
