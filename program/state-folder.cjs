// Where Pulumi keeps its state when it keeps it in files. CommonJS by its name, since
// the set-up (ES modules) and the commands (bundled as CommonJS) both load it.
const { readFileSync } = require("node:fs");
const { homedir } = require("node:os");
const { join } = require("node:path");

/** Pure: the folder of a local backend, by default the project's own; undefined for any other kind. */
exports.stateFolder = function stateFolder(url, home = homedir()) {
  if (!url) return ".state";
  const [, path] = /^file:\/\/([^?]*)/.exec(url) ?? [];
  return path?.replace(/^~(?=\/|$)/, () => home);
};

/** Pure: the file of a stack's state in the folder of a local backend. */
exports.stateFile = function stateFile(folder, project, stack) {
  return join(folder, ".pulumi", "stacks", project, `${stack}.json`);
};

/** Pure: a backend's address as a message may show it, without the user and password that it may hold. */
exports.shownBackend = function shownBackend(url) {
  return url.replace(/\/\/[^/@]*@/, "//…@");
};

/** Whether a file of the backend can be read, and to its end: one that is missing, locked away or cut off is not whole. */
exports.isWhole = function isWhole(file) {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
};
