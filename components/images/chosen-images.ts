/**
 * Images that a run under way has chosen and has perhaps made no container from yet: neither engine nor state knows that they
 * are used, and the tidying up after another stack's start would take them from it. A file for each process, in the checkout.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "dist/chosen-images";

/** Notes one for as long as this process lives. @param name with its tag */
export function chooseImage(name: string, folder = FOLDER): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, String(process.pid)), `${name}\n`);
}

/** The images, as name and tag, that running processes have chosen. Removes the notes of processes that have ended. */
export function chosenImages(alive: (pid: number) => boolean, folder = FOLDER): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).flatMap((pid) => {
    const file = join(folder, pid);
    if (!alive(Number(pid))) {
      rmSync(file, { force: true });
      return [];
    }
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  });
}
