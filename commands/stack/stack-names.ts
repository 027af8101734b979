/** A stack's two names: that of its containers and files, and that with its organisation, without which the CLI takes one of the person's own. */

/** Asks the CLI for the selected stack's name, with its organisation. */
export const SHOW_SELECTED = ["stack", "--show-name", "--fully-qualify-stack-names", "--non-interactive"];

/** Pure: a stack's name without its organisation and project. */
export function bareName(name: string): string {
  return name.split("/").pop()!;
}

/** Keeps the name with which the CLI was meant for all that this run has it do. @returns the one of the containers */
export function noteStack(name: string): string {
  if (name.includes("/")) process.env["PULUMI_STACK"] = name;
  return bareName(name);
}

/** What `--stack` of the CLI takes for a stack of that bare name. */
export function cliName(stack: string): string {
  const noted = process.env["PULUMI_STACK"];
  return noted !== undefined && bareName(noted) === stack ? noted : stack;
}
