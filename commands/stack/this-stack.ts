/** Which stack a command changes. Unlike a look at a stack it must not guess: another one's data would be at stake. */
import { projectName } from "./project-name";
import { bareName, SHOW_SELECTED } from "./stack-names";
import { stackNames } from "./local-backend";
import { captured } from "./stack-outputs";

/**
 * `<project>-<stack>` of the stack that the environment names, else of the only one in the local backend, else of the one that the CLI has selected. The last is
 * put into the environment: all that this run has the CLI do is about the same stack, whatever somebody selects meanwhile. It goes there with its
 * organisation, as the CLI would take a bare name for one of the person's own.
 *
 * @throws where the CLI does not say which one is selected
 */
export async function thisStack(): Promise<string> {
  const stack = process.env["PULUMI_STACK"] || onlyStack() || (await selected());
  return `${projectName()}-${bareName(stack)}`;
}

/** The name, without the project's, of the stack that a command changes which takes `--stack`. @param named what the person said */
export async function namedOrThis(named: string | undefined): Promise<string> {
  return named ?? (await thisStack()).slice(projectName().length + 1);
}

/** The CLI takes half a second to answer, and most people have one stack. @returns undefined where the local backend has none or several */
export function onlyStack(): string | undefined {
  const [stack, ...others] = stackNames();
  return others.length === 0 ? stack : undefined;
}

async function selected(): Promise<string> {
  const said = await captured(SHOW_SELECTED).catch(() => "");
  const stack = said.trim();
  if (stack === "")
    throw new Error(
      "Which stack is meant is not known, since the Pulumi CLI names none as selected: `npm run pulumi -- stack select NAME`, or " +
        "PULUMI_STACK=NAME before the command. Nothing was changed.",
    );
  process.env["PULUMI_STACK"] = stack;
  return stack;
}
