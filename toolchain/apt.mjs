// Packages on a bare Debian, as root.
import { run } from "./command.mjs";

/** Another apt (unattended upgrades, or one that a killed set-up left) gets this many seconds to finish. */
const LOCK_SECONDS = 180;

export async function installPackages(names, log) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => run("apt-get", ["-o", `DPkg::Lock::Timeout=${LOCK_SECONDS}`, "-y", ...args], { log, env });
  const install = () => apt("install", "--no-install-recommends", ...names);
  try {
    await install();
  } catch {
    // Fresh machines have no package lists, old ones have lists of files that are gone.
    await apt("update");
    await install();
  }
}
