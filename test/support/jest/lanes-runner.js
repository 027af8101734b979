const Runner = require("jest-runner").default;
const { inOrder, nextOf } = require("./lanes");

/**
 * Runs the files with a stack in the order and number that test/support/jest/lanes.js gives. With `--runInBand`, it runs one after the other in one
 * process.
 */
module.exports = class extends Runner {
  constructor(globalConfig, context) {
    // Each file gets a process of its own. With more workers, a second process would wait beside it.
    super({ ...globalConfig, maxWorkers: 1 }, context);
  }

  async runTests(tests, watcher, options) {
    if (options.serial) return super.runTests(tests, watcher, options);
    const tested = new Map(tests.map((test) => [test.path, test]));
    const waiting = inOrder(tested.keys());
    const running = new Map();
    while (waiting.length + running.size > 0) {
      const path = nextOf(waiting, [...running.keys()]);
      if (path === undefined || watcher.isInterrupted()) {
        if (running.size === 0) return;
        await Promise.race(running.values());
        continue;
      }
      waiting.splice(waiting.indexOf(path), 1);
      const run = super.runTests([tested.get(path)], watcher, options).finally(() => running.delete(path));
      running.set(path, run);
    }
  }
};
