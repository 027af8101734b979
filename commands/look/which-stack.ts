import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { stateFolder } from "../../program/state-folder.cjs";
import { projectName } from "../stack/project-name";
import { type CliFailure, insteadOfAnswer, namesNoStack } from "../stack/cli-failure";
import { noteStack, SHOW_SELECTED } from "../stack/stack-names";
import { onlyStack } from "../stack/this-stack";

/** Starting the CLI alone takes a second, and several on a busy machine. */
const ASK_MS = 10_000;

/**
 * `<project>-<stack>` of the stack that is looked at: the one that is named, else that of the environment, else the only one in the local
 * backend, else the one that the CLI has selected. Where none is selected, or there is no CLI, it is the only one that has containers.
 *
 * @param named what the person said, without the project's name
 * @param present prefixes of the stacks that the Docker engine has containers of
 * @throws where the CLI is there and does not say which one is selected
 */
export async function whichStack(named: string | undefined, present: Promise<string[]>): Promise<string> {
  const project = projectName();
  const stack = named ?? (process.env["PULUMI_STACK"] || onlyStack() || (await selected()));
  // An organisation may stand before it.
  if (stack !== undefined) return `${project}-${noteStack(stack)}`;
  const own = (await present).filter((prefix) => prefix.startsWith(`${project}-`));
  return own.length === 1 ? own[0]! : `${project}-dev`;
}

/** Undefined without a CLI, without a backend as in a new clone, or with no stack selected. */
async function selected(): Promise<string | undefined> {
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  if (folder !== undefined && !existsSync(folder)) return undefined;
  try {
    const { stdout } = await promisify(execFile)("pulumi", SHOW_SELECTED, { timeout: ASK_MS });
    return stdout.trim() || undefined;
  } catch (error) {
    const failure = error as CliFailure;
    if (namesNoStack(failure)) return undefined;
    const does = insteadOfAnswer(failure, `does not say within ${ASK_MS / 1000} s which one is selected`);
    throw new Error(
      `Which stack is meant is not known, since the Pulumi CLI ${does}. Name it: --stack NAME, or PULUMI_STACK=NAME before the command.`,
      { cause: error },
    );
  }
}
