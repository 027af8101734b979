/** Changed settings that no `npm start` has applied yet: the upgrade ends by bringing the stack up, and would apply them. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ANEW_FILE, ASK_FILE } from "../../components/costs/ask-file";
import { BEFORE_UPGRADE } from "../../components/preflight/postgres-cluster";
import { temporaryFolder } from "../../program/temporary-folder.cjs";
import { runChild } from "../processes/child";
import { rejectEnded } from "../processes/signals";

/** Asks the program, by a preview. @param signal ends it @throws with what these changes would lose, or why the stack could not be brought up with them */
export async function refusePending(from: number, signal: AbortSignal): Promise<void> {
  const folder = temporaryFolder("pending");
  const files = { [ASK_FILE]: join(folder, "asked"), [ANEW_FILE]: join(folder, "anew") };
  const env = { ...process.env, ...files, [BEFORE_UPGRADE]: "1" };
  try {
    const args = ["preview", "--suppress-outputs", "--non-interactive"];
    const failed = await runChild("pulumi", args, { env, signal }).then(
      () => undefined,
      (error: Error) => error,
    );
    rejectEnded();
    const lost = Object.values(files).flatMap((file) => (existsSync(file) ? [readFileSync(file, "utf8")] : []));
    if (lost.length > 0) throw new Error(pendingText(lost, from));
    if (failed !== undefined) throw new Error(failedText(failed.message), { cause: failed });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Pure. */
function pendingText(lost: readonly string[], from: number): string {
  return (
    "The upgrade ends by bringing the stack up, with settings that were changed and lose something. So nothing was begun.\n" +
    `${lost.join("\n")}\nSet them back (\`pulumi config\` shows them), or let \`npm start\` apply them first, which asks, with ` +
    `postgresVersion ${from} as long. Then the upgrade once more.`
  );
}

/** Pure. */
function failedText(said: string): string {
  return `${said.trim()}\nSo the stack could not be brought up again after the upgrade, and nothing was begun. Once that is mended, once more.`;
}
