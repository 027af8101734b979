/** `pulumi up` without a preview, in whose place a question stands: asked where the program says that something is lost. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ASK_FILE } from "../../components/costs/ask-file";
import { agreed } from "../terminal/ask";
import { pulumi } from "../stack/stack-outputs";

/**
 * @param args further arguments of `pulumi up`; `--yes` among them is the answer, given beforehand
 * @param variables further ones of its environment
 * @returns the CLI's exit code
 * @throws UsageError where nobody can be asked, and with what to do where the answer is no
 */
export async function up(args: readonly string[], variables: Record<string, string> = {}): Promise<number> {
  const run = (further: Record<string, string> = {}) =>
    pulumi(["up", "--yes", "--skip-preview", ...args], { ...variables, ...further });
  if (args.some((arg) => arg === "--yes" || arg === "-y")) return run();
  const folder = mkdtempSync(join(tmpdir(), "cdc-ask-"));
  const file = join(folder, "asked");
  try {
    const code = await run({ [ASK_FILE]: file });
    // What it costs is what the program has just said.
    if (code === 0 || !existsSync(file)) return code;
    if (await agreed("Go on all the same?")) return await run();
    throw new Error("Nothing was changed. `pulumi config` shows the settings, and sets them back.");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
