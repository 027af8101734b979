const Sequencer = require("@jest/test-sequencer").default;

/** Runs the fast tests first: a broken parser shows before a stack is brought up. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = (test) => (test.path.includes("integration") ? 1 : 0);
    return [...tests].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  }
};
