/** One run with one summary: first the fast tests, then those with a stack. */
const typescript = {
  testEnvironment: "node",
  transform: {
    "\\.(ts|mjs)$": "<rootDir>/test/support/common-js.cjs",
  },
  // Names as in the package that `npm run package` makes: examples import it as other programs do.
  moduleNameMapper: {
    "^cdc/(connector|capture)$": "<rootDir>/components/$1/index.ts",
    "^cdc/(pipeline|handler)$": "<rootDir>/library/$1.ts",
  },
  moduleFileExtensions: ["ts", "mjs", "js", "json"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.state/"],
};

module.exports = {
  // Workers of the unit tests, which wait as long as they work. Tests with a stack have their own lanes (test/support/jest).
  maxWorkers: 3,
  // A deadline in milliseconds. Jest's own of 5 s is too short for a busy machine, and a longer one costs nothing.
  testTimeout: 60_000,
  testSequencer: "<rootDir>/test/support/jest/sequencer.js",
  projects: [
    {
      ...typescript,
      displayName: "unit",
      // Not by testPathIgnorePatterns: a value on the command line would replace it, and unit tests would start stacks.
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
