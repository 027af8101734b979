// Packages on a bare Debian, as root.
import { CommandError, run } from "./command.mjs";

/** Another apt (unattended upgrades, or one that a killed set-up left) gets this many seconds to finish. */
const LOCK_SECONDS = 180;

let before = Promise.resolve();

/** Installs one request after the other: steps that run at the same time would wait for apt's lock. */
export function installPackages(names, log) {
  const mine = before.then(() => install(names, log));
  before = mine.catch(() => {});
  return mine;
}

/** Each runs to its end, whatever else fails: a dpkg that is killed while it unpacks leaves packages that no later apt goes on with. */
async function install(names, log) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { log, env, isSpared: true };
  const apt = (...args) => run("apt-get", ["-o", `DPkg::Lock::Timeout=${LOCK_SECONDS}`, "-y", ...args], options);
  const unpack = () => apt("install", "--no-install-recommends", ...names);
  try {
    await unpack();
  } catch {
    // What a power cut has left. It does nothing where nothing is left, and where another apt is at work.
    await run("dpkg", ["--configure", "-a"], options).catch(() => {});
    // Fresh machines have no package lists, old ones have lists of files that are gone.
    try {
      await apt("update");
      await unpack();
    } catch (error) {
      const remedy = `see the log; \`apt-get install ${names.join(" ")}\` must work here.`;
      throw new CommandError(error.message, error.log, remedy);
    }
  }
}
