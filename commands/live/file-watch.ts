import { existsSync, type FSWatcher, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** The wait after an edit: editors write a file in steps. It is empty first, then has its text, or another file takes its name. */
const SETTLE_MS = 30;

/** Notices edits of some files. It watches their folders, because an editor may put a new file in the place of the old one. */
export class FileWatch {
  private readonly folders = new Map<string, FSWatcher>();
  private files = new Map<string, Set<string>>();
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly edited: () => void) {}

  /**
   * Watches these files from now on. They need not exist yet.
   *
   * @returns whether some of their folders were not watched before, so that earlier edits there were not noticed
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

  /** @returns false when the folder does not exist any more */
  private open(folder: string): boolean {
    let watcher: FSWatcher;
    try {
      watcher = watch(folder, (event, name) => {
        // An event with the folder's own name: another folder may have taken its place, which this watcher would not see.
        const isGone = event === "rename" && name === basename(resolve(folder));
        if (isGone) this.leave(folder);
        // Where the system does not name the file, it may be any.
        else if (name !== null && !this.files.get(folder)?.has(name)) return;
        clearTimeout(this.settling);
        this.settling = setTimeout(this.edited, SETTLE_MS);
      });
    } catch {
      return false;
    }
    // The folder was removed. The next build shows which files are missing.
    watcher.on("error", () => this.leave(folder));
    this.folders.set(folder, watcher);
    return true;
  }

  private leave(folder: string): void {
    this.folders.get(folder)?.close();
    this.folders.delete(folder);
  }
}

/** The folder to watch, and the name to wait for in it. For a file in a missing folder, that is the folder's name. */
function whereItComes(file: string): [folder: string, name: string] {
  const folder = dirname(file);
  return existsSync(folder) ? [folder, basename(file)] : whereItComes(folder);
}
