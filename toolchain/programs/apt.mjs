// Packages on a bare Debian, as root.
import { run } from "./command.mjs";

/** Another apt (unattended upgrades, or one that a killed set-up left) gets this many seconds to finish. */
const LOCK_SECONDS = 180;

let before = Promise.resolve();

/** Installs one request after the other: steps that run at the same time would wait for apt's lock. */
export function installPackages(names, log) {
  const mine = before.then(() => install(names, log));
  before = mine.catch(() => {});
  return mine;
}

async function install(names, log) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => run("apt-get", ["-o", `DPkg::Lock::Timeout=${LOCK_SECONDS}`, "-y", ...args], { log, env });
  const unpack = () => apt("install", "--no-install-recommends", ...names);
  try {
    await unpack();
  } catch {
    // Fresh machines have no package lists, old ones have lists of files that are gone.
    await apt("update");
    await unpack();
  }
}
