const Runner = require("jest-runner").default;

/** One test file after the other: a stack has the machine's cores for itself. */
module.exports = class extends Runner {
  isSerial = true;
};
