import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { closeState } from "../../../components/preflight/state-access";

test("no other user reads the project's state, and a state that is elsewhere is no trouble", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdc-state-"));
  try {
    chmodSync(folder, 0o755);
    closeState(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(() => closeState(join(folder, "nowhere"))).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
