import { existsSync, type FSWatcher, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** Editors write a file in steps: an empty one, then its text, or another one that takes its name. */
const SETTLE_MS = 30;

/** Tells of edits of some files. Their folders are watched: an editor may put a new file in the place of the old. */
export class FileWatch {
  private readonly folders = new Map<string, FSWatcher>();
  private files = new Map<string, Set<string>>();
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly edited: () => void) {}

  /**
   * Of these from now on, which need not be there yet.
   *
   * @returns whether there are new ones among their folders: nobody has told what happened there before
   */
  follow(files: readonly string[]): boolean {
    this.files = new Map();
    for (const file of files) {
      const [folder, name] = whereItComes(file);
      this.files.set(folder, (this.files.get(folder) ?? new Set()).add(name));
    }
    for (const folder of this.folders.keys()) if (!this.files.has(folder)) this.leave(folder);
    const fresh = [...this.files.keys()].filter((folder) => !this.folders.has(folder));
    return fresh.filter((folder) => this.open(folder)).length > 0;
  }

  close(): void {
    clearTimeout(this.settling);
    for (const watcher of this.folders.values()) watcher.close();
    this.folders.clear();
  }

  /** False when it is gone by now. */
  private open(folder: string): boolean {
    let watcher: FSWatcher;
    try {
      watcher = watch(folder, (event, name) => {
        // Its own name: another one may take its place, which this watcher would not see.
        const isGone = event === "rename" && name === basename(resolve(folder));
        if (isGone) this.leave(folder);
        // Where the system does not say which, it may be any.
        else if (name !== null && !this.files.get(folder)?.has(name)) return;
        clearTimeout(this.settling);
        this.settling = setTimeout(this.edited, SETTLE_MS);
      });
    } catch {
      return false;
    }
    // A folder that was removed: what is left of it shows in the next build.
    watcher.on("error", () => this.leave(folder));
    this.folders.set(folder, watcher);
    return true;
  }

  private leave(folder: string): void {
    this.folders.get(folder)?.close();
    this.folders.delete(folder);
  }
}

/** The folder to watch, and the name in it. Of what is in a folder that is not there the folder comes first. */
function whereItComes(file: string): [folder: string, name: string] {
  const folder = dirname(file);
  return existsSync(folder) ? [folder, basename(file)] : whereItComes(folder);
}
