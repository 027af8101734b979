import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file of an image's build context, by its path in it. */
export interface ContextFile {
  path: string;
  content: string | Uint8Array;
}

/**
 * Lays out a build context that is made and not kept in the project.
 *
 * @param out folder of all contexts of that image, relative to the project
 * @returns the context's folder: its name changes with the content
 */
export function buildContext(out: string, files: readonly ContextFile[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.path}\0`).update(file.content);
  const context = `${out}/${hash.digest("hex").slice(0, 12)}`;
  if (!existsSync(context)) writeWhole(context, files);
  utimesSync(context, new Date(), new Date());
  keepLastUsed(out);
  return context;
}

/** Contexts that are kept, however long ago they were used; and how long one may be needed while its image is built, by any stack of this checkout. */
const KEPT = 3;
const NEEDED_MS = 3600_000;

function keepLastUsed(out: string): void {
  const contexts = readdirSync(out)
    .filter((name) => /^[0-9a-f]{12}(\.\d+)?$/.test(name))
    .map((name) => ({ name, used: statSync(join(out, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.used - a.used);
  for (const { name, used } of contexts.slice(KEPT)) {
    if (used < Date.now() - NEEDED_MS) rmSync(join(out, name), { recursive: true, force: true });
  }
}

/** Writes the context beside its place and then moves it there: a run that is killed leaves no incomplete one. */
function writeWhole(context: string, files: readonly ContextFile[]): void {
  const draft = `${context}.${process.pid}`;
  for (const file of files) {
    mkdirSync(dirname(join(draft, file.path)), { recursive: true });
    writeFileSync(join(draft, file.path), file.content);
  }
  try {
    renameSync(draft, context);
  } catch (error) {
    // Another run was first, with the same content.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(context)) throw error;
  }
}
