import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";

/**
 * A `docker` of the test's own, for the time of the file.
 *
 * @param program what it runs, a shebang in front
 * @returns its folder, for a PATH, once the tests run
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
