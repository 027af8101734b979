import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { projectName } from "../stack/project-name";

/**
 * `<project>-<stack>` of the stack that is meant: the one that is named, else that of the environment, else the one that the CLI has
 * selected, else the only one that there is.
 *
 * @param named what the person said, without the project's name
 * @param present prefixes of the stacks that the Docker engine has containers of
 */
export async function whichStack(named: string | undefined, present: Promise<string[]>): Promise<string> {
  const project = projectName();
  // An organisation may stand before it.
  const stack = named ?? (process.env["PULUMI_STACK"]?.split("/").pop() || (await selected()));
  if (stack !== undefined) return `${project}-${stack}`;
  const own = (await present).filter((prefix) => prefix.startsWith(`${project}-`));
  return own.length === 1 ? own[0]! : `${project}-dev`;
}

/** Undefined without a CLI, or with no stack selected. */
async function selected(): Promise<string | undefined> {
  const args = ["stack", "--show-name", "--non-interactive"];
  const asked = await promisify(execFile)("pulumi", args, { timeout: 2000 }).catch(() => ({ stdout: "" }));
  return asked.stdout.trim() || undefined;
}
