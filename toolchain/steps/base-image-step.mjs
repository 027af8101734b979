// The one base of all images: pulled, or made with debootstrap where no image registry can be reached.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "../programs/apt.mjs";
import {
  aptSources,
  BASE_IMAGE,
  baseTarball,
  EMPTIED,
  FILES,
  mirrorsFrom,
  RECREATED,
  REMOVED,
  SUITE,
} from "../plan/base-image.mjs";
import { capture, run, which } from "../programs/command.mjs";

const SECONDS_TO_PULL = 180;

export const baseImage = {
  title: {
    pull: `Base image ${BASE_IMAGE}: pulled`,
    import: `Base image ${BASE_IMAGE}: imported from the cache`,
    debootstrap: `Base image ${BASE_IMAGE}: made with debootstrap`,
  },
  pull: ({ log }) => run("docker", ["pull", "--quiet", BASE_IMAGE], { log, seconds: SECONDS_TO_PULL }),
  import: importTarball,
  async debootstrap(context) {
    await makeTarball(context);
    await importTarball(context);
  },
};

function importTarball({ cache, log }) {
  return run("docker", ["import", "--change", 'CMD ["bash"]', baseTarball(cache), BASE_IMAGE], { log });
}

async function makeTarball({ cache, log }) {
  if (!which("debootstrap")) await installPackages(["debootstrap"], log);
  const format = "$(LABEL)\t$(COMPONENT)\t$(CODENAME)\t$(REPO_URI)";
  const mirrors = mirrorsFrom((await capture("apt-get", ["indextargets", "--format", format])).stdout);
  await removeLeftOvers(cache, log);
  const folder = mkdtempSync(join(cache, "base-making-"));
  try {
    // apt speaks https only with certificates to check, which the smallest variant leaves out.
    const include = mirrors.main?.startsWith("https:") ? ["--include=ca-certificates"] : [];
    const system = join(folder, "root");
    const tar = join(folder, "base.tar");
    await run(
      "debootstrap",
      ["--variant=minbase", ...include, SUITE, system, ...(mirrors.main ? [mirrors.main] : [])],
      { log },
    );
    slim(system, mirrors);
    await run("tar", ["--create", "--numeric-owner", "--file", tar, "--directory", system, "."], { log });
    renameSync(tar, baseTarball(cache));
  } finally {
    await removeTree(folder, log);
  }
}

function slim(system, mirrors) {
  for (const path of EMPTIED) empty(join(system, path));
  for (const path of REMOVED) rmSync(join(system, path), { force: true });
  for (const path of RECREATED) mkdirSync(join(system, path), { recursive: true });
  keepOnlyCopyrights(join(system, "usr/share/doc"));
  const sources = aptSources(mirrors);
  const files = { ...FILES, [sources ? "etc/apt/sources.list.d/debian.sources" : ""]: sources?.split("\n") };
  for (const [path, lines] of Object.entries(files)) {
    if (!lines) continue;
    writeFileSync(join(system, path), lines.map((line) => `${line}\n`).join(""));
    chmodSync(join(system, path), lines[0]?.startsWith("#!") ? 0o755 : 0o644);
  }
}

function empty(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });
}

function keepOnlyCopyrights(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isDirectory() && entry.name !== "copyright")
      rmSync(join(entry.parentPath ?? entry.path, entry.name), { force: true });
  }
}

/** Removes the folders of killed set-ups. One may still have a file system mounted inside, which must not be entered. */
async function removeLeftOvers(cache, log) {
  for (const entry of readdirSync(cache).filter((name) => name.startsWith("base-making-")))
    await removeTree(join(cache, entry), log);
}

async function removeTree(folder, log) {
  for (const inner of ["proc", "sys", "dev/pts", "dev"])
    await capture("umount", ["--lazy", join(folder, "root", inner)]);
  await run("rm", ["-rf", "--one-file-system", folder], { log }).catch(() => {});
}
