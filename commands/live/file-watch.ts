import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Editors write a file in steps: an empty one, then its text, or another one that takes its name. */
const SETTLE_MS = 30;

/** Tells of edits of some files. Their folders are watched: an editor may put a new file in the place of the old. */
export class FileWatch {
  private readonly folders = new Map<string, FSWatcher>();
  private files = new Map<string, Set<string>>();
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly edited: () => void) {}

  /** Of these from now on. */
  follow(files: readonly string[]): void {
    this.files = new Map();
    for (const file of files) {
      const names = this.files.get(dirname(file)) ?? new Set();
      this.files.set(dirname(file), names.add(basename(file)));
    }
    for (const folder of this.files.keys()) if (!this.folders.has(folder)) this.open(folder);
    for (const [folder, watcher] of this.folders) {
      if (this.files.has(folder)) continue;
      watcher.close();
      this.folders.delete(folder);
    }
  }

  close(): void {
    clearTimeout(this.settling);
    for (const watcher of this.folders.values()) watcher.close();
    this.folders.clear();
  }

  private open(folder: string): void {
    const watcher = watch(folder, (_event, name) => {
      // Where the system does not say which, it may be any.
      if (name !== null && !this.files.get(folder)?.has(name)) return;
      clearTimeout(this.settling);
      this.settling = setTimeout(this.edited, SETTLE_MS);
    });
    // A folder that was removed: what is left of it shows in the next build.
    watcher.on("error", () => this.folders.delete(folder));
    this.folders.set(folder, watcher);
  }
}
