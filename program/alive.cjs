// CommonJS by its name, since commands (TypeScript) and what the set-up loads (ES modules) both need it.

/** Whether there is a process of that id, of whichever user. */
exports.isAlive = function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
};
