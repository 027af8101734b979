import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes SQL into a new folder, for the setting `initFolder`. @returns the folder, which holds nothing else */
export function writeInitFolder(folder: string, sql: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "01-tables.sql"), sql);
  return folder;
}
