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

/**
 * The most of them all, in bytes. The files are a part of the container's inputs: each request about it has them up to three times (400 MB at most,
 * packed files a third longer), and so has every write of the state twice. A pack of 54 MB took 364 s and 14 GB of memory in the CLI (3.274.1).
 */
const MOST_BYTES = 16 * 2 ** 20;

/** Dumps of other forms: a person who puts one there expects it to be read. */
const UNREADABLE = /\.(sql\.(xz|zst|bz2|zip)|dump|backup|tar|tgz|tar\.gz|pgdump)$/;

/**
 * The files of the folder that the first start runs, in the order of their names. Says which others look as if they were to run.
 *
 * @throws pulumi.RunError for a folder or a file that cannot be read, for a dump in a form that nothing here reads, and for more than there can be
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
  const running = entries.filter(({ name }) => RUN.test(name));
  refuseTooMuch(
    folder,
    running.map(({ name }) => name),
  );
  return running
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

/** Before any is read: a file of 2 GB cannot be. */
function refuseTooMuch(folder: string, names: readonly string[]): void {
  const sizes = names.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes <= MOST_BYTES) return;
  const largest = names[sizes.indexOf(Math.max(...sizes))]!;
  throw new pulumi.RunError(
    `${folder} (cdc:initFolder) has ${Math.ceil(bytes / 2 ** 20)} MB of files that the first start runs, the largest of them ${largest}, and ` +
      `${MOST_BYTES / 2 ** 20} MB is the most, since they go through Pulumi's state. Nothing was changed. Leave there what makes the tables ` +
      '(`pg_dump --schema-only`), and load the rows with psql once the stack is up: docs/upgrading.md, "A large dump". ' +
      "A database that is there already needs its files no longer.",
  );
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
