import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../machine/run";
import { Checkout } from "./checkout";

/** Another revision of this repository. */
export interface Revision {
  /** Name of the revision, as it was given. */
  name: string;
  commit: string;
}

/** @throws when git does not know it, or when it cannot set itself up */
export async function findRevision(name: string): Promise<Revision> {
  const git = (...args: string[]): Promise<string> => run("git", args);
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`).catch(() => "");
  if (commit === "") throw new Error(`--against is "${name}"; git knows no such revision here`);
  const runner = "toolchain/run.mjs";
  await git("cat-file", "-e", `${commit.trim()}:${runner}`).catch(() => {
    throw new Error(`--against is "${name}", which has no ${runner}: it cannot be set up by itself`);
  });
  return { name, commit: commit.trim() };
}

/**
 * A checkout of another revision, as a worktree in a temporary folder. The folder's name depends only on this checkout, so that the next run finds
 * what a killed run has left.
 */
export class OtherCheckout extends Checkout {
  private readonly pulumiHome: string;

  constructor(here: Checkout) {
    const folder = join(tmpdir(), `cdc-bench-other-${here.word}`);
    // Plugins that were built here are told apart only by their versions. In a common home, both checkouts would use the plugin that came last.
    const pulumiHome = `${folder}-pulumi`;
    super(folder, here.signal, { PULUMI_HOME: pulumiHome });
    this.pulumiHome = pulumiHome;
  }

  /** Makes the folder, with its packages. */
  async make({ commit }: Revision): Promise<void> {
    await this.remove();
    // With --force, because git may still know a folder of that name that is gone.
    await run("git", ["worktree", "add", "--force", "--detach", this.folder, commit], { signal: this.signal });
    await this.npm(["ci", "--include=dev"]);
  }

  async remove(): Promise<void> {
    rmSync(this.pulumiHome, { recursive: true, force: true });
    if (!existsSync(this.folder)) return;
    await run("git", ["worktree", "remove", "--force", this.folder]).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
