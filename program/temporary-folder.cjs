// Folders for one run's temporary files. CommonJS by its name, since the set-up (ES modules) and the commands (bundled as CommonJS) both load it.
const { mkdtempSync, readdirSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { isAlive } = require("./alive.cjs");

/** As in `cdc-temp-4711-ask-aB3xYz`: the process that made it is in its name. */
const NAME = /^cdc-temp-(\d+)-[a-z]+-\w{6}$/;

/** A new one of this process. Those of processes that have ended, as after `kill -9`, are taken away: nobody else ever would. */
exports.temporaryFolder = function temporaryFolder(purpose, parent = tmpdir()) {
  for (const name of readdirSync(parent)) {
    const pid = NAME.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) remove(join(parent, name));
  }
  return mkdtempSync(join(parent, `cdc-temp-${process.pid}-${purpose}-`));
};

/** Another user's stays. */
function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The folder does no harm.
  }
}
