/** A reporter of jest for the plain line at the end of `.ci/run`. jest's own `--json` fails on errors with circular references. */
module.exports = class {
  line = "0 passed, 1 failed";

  constructor() {
    // At the exit, because jest prints its own summary after the reporters have ended.
    process.once("exit", () => process.stdout.write(`${this.line}\n`));
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numFailedTestSuites }) {
    // A suite that could not run has no failed tests, and counts as one.
    this.line = `${numPassedTests} passed, ${Math.max(numFailedTests, numFailedTestSuites)} failed`;
  }
};
