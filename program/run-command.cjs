// `node program/run-command.cjs commands/start.ts …`: runs a command of the project. With ts-node it is a second before anything happens.
const path = require("node:path");
const { runBundled } = require("./run-bundled.cjs");

const [entry] = process.argv.splice(2, 1);
runBundled(path.basename(entry, ".ts"), entry, module);
