import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";

/**
 * Makes a fake `docker` command for one test file.
 *
 * @param program the command's text, with a shebang
 * @returns a function that gives its folder, for a PATH, once the tests run
 */
export function fakeDocker(program: string): () => string {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "docker-"));
    writeFileSync(join(folder, "docker"), program);
    chmodSync(join(folder, "docker"), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}
