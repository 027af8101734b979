/**
 * Images that a running `up` has chosen, and from which it may not have made a container yet. Neither the engine nor the state shows that they are
 * in use, so another stack's start would remove them when it tidies up. Each process notes them in a file of its own, in the checkout.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "dist/chosen-images";

/** Notes an image for as long as this process lives. @param name with its tag */
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
