/** `pulumi up` without a preview. Instead it asks a question where the program says that data would be lost. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ANEW_FILE, ASK_FILE, IMAGES_FIRST } from "../../components/costs/ask-file";
import { temporaryFolder } from "../../program/temporary-folder.cjs";
import { rejectEnded } from "../processes/signals";
import { agreed } from "../terminal/ask";
import { isYes, YES_BEFOREHAND } from "./arguments";
import { removeBroker } from "./remove-broker";
import { pulumi } from "../stack/stack-outputs";

const IMAGES = "**docker:index/remoteImage:RemoteImage::**";

/**
 * @param args further arguments of `pulumi up`; `--yes` among them is the answer, given beforehand
 * @param variables further ones of its environment
 * @returns the CLI's exit code
 * @throws UsageError where there is no terminal to ask in; and, with what to do instead, where the answer is no
 */
export async function up(args: readonly string[], variables: Record<string, string> = {}): Promise<number> {
  const run = (further: Record<string, string> = {}) =>
    pulumi(["up", "--yes", "--skip-preview", ...args], { ...variables, ...further });
  const isAgreed = isYes(args);
  const folder = temporaryFolder("ask");
  const [asked, anew] = [join(folder, "asked"), join(folder, "anew")];
  const files = { [ANEW_FILE]: anew, [ASK_FILE]: isAgreed ? "" : asked };
  // What it costs is what the program has just said.
  const answer = async (): Promise<void> => {
    rejectEnded();
    if (isAgreed || (await agreed("Go on all the same?", YES_BEFOREHAND))) return;
    throw new Error("Nothing was changed. `pulumi config` shows the settings, and sets them back.");
  };
  try {
    let code = await run(files);
    if (code !== 0 && existsSync(anew)) {
      await answer();
      await makeImages(variables);
      rejectEnded();
      await removeBroker();
      code = await run(files);
    }
    if (code === 0 || !existsSync(asked)) return code;
    await answer();
    return await run();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The images of the settings, and nothing else. @throws where one cannot be made */
async function makeImages(variables: Record<string, string>): Promise<void> {
  const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", "--target", IMAGES];
  if ((await pulumi(args, { ...variables, [IMAGES_FIRST]: "1" })) === 0) return;
  rejectEnded();
  throw new Error(
    "The images that the settings ask for could not be made; the reason is above. The stack is as it was.",
  );
}
