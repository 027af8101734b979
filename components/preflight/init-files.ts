/** The files of `cdc:initFolder`, which the database's first start runs. */
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** A file that the database's first start runs. */
export interface InitFile {
  name: string;
  content: Buffer;
}

/** What the first start runs. Its shell does not list a name that begins with a dot. */
const RUN = /^[^.].*\.(sql|sql\.gz|sh)$/;

/** Dumps of other forms: a person who puts one there expects it to be read. */
const UNREADABLE = /\.(sql\.(xz|zst|bz2|zip)|dump|backup|tar|tgz|tar\.gz|pgdump)$/;

/**
 * The files of the folder that the first start runs, in the order of their names. Says which others look as if they were to run.
 *
 * @throws pulumi.RunError for a folder or a file that cannot be read, and for a dump in a form that nothing here reads
 */
export function initFiles(folder: string): InitFile[] {
  const entries = listed(folder);
  const unreadable = entries.find(({ name }) => UNREADABLE.test(name));
  if (unreadable !== undefined) {
    throw new pulumi.RunError(
      `${join(folder, unreadable.name)} (cdc:initFolder) is of a form that the first start does not read; it runs *.sql, ` +
        "*.sql.gz and *.sh. Unpack it, or turn it into SQL with `pg_restore --file=NAME.sql`.",
    );
  }
  const left = entries.filter((entry) => seemsToRun(folder, entry)).map(({ name }) => name);
  if (left.length > 0) {
    void pulumi.log.warn(
      `${left.join(", ")} of cdc:initFolder will not run: the first start runs the folder's own *.sql, *.sql.gz and *.sh, ` +
        "in small letters and without a dot in front, and no folder below it.",
    );
  }
  return entries
    .filter(({ name }) => RUN.test(name))
    .map(({ name }) => ({ name, content: read(join(folder, name)) }))
    .filter(({ name, content }) => content.length > 0 || refuseEmptyPack(join(folder, name)));
}

function listed(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new pulumi.RunError(
      `cdc:initFolder is "${folder}", which is no readable folder of the project (${(cause as Error).message}); ` +
        "name one with the SQL files that make the tables.",
    );
  }
}

/** Whether a person would expect it to run, and it does not: `Rows.SQL`, or a folder with such files. */
function seemsToRun(folder: string, { name }: Dirent): boolean {
  const path = join(folder, name);
  const looksSo = (each: string): boolean => /\.(sql|sql\.gz|sh)$/i.test(each);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return looksSo(name) && !RUN.test(name);
  return looksSo(name) ? false : readdirSync(path).some(looksSo);
}

/** Follows links, because a link in the container would lead nowhere. */
function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new pulumi.RunError(
      `${path} (cdc:initFolder) is to run at the database's first start, and is no file that can be read ` +
        `(${(cause as Error).message}). Mend it, or give it a name that does not end in .sql, .sql.gz or .sh.`,
    );
  }
}

/** An empty file does nothing, and Pulumi's plugin uploads none. An empty pack is a broken one. */
function refuseEmptyPack(path: string): false {
  if (!path.endsWith(".gz")) return false;
  throw new pulumi.RunError(
    `${path} (cdc:initFolder) is empty, and a packed file never is. Pack it again, or take it out of the folder.`,
  );
}
