/** Remedies for what the CLI refuses before the program runs: its own message names neither the file nor the remedy. */
import { projectName } from "./project-name";

const REMEDIES: [says: RegExp, remedy: (found: RegExpExecArray, project: string) => string][] = [
  [
    /incorrect passphrase/,
    () =>
      "The stack's settings and state are locked with another passphrase than the one that PULUMI_CONFIG_PASSPHRASE has now: export the right " +
      "one. A fresh clone's is empty, as it is for npm's commands after `unset PULUMI_CONFIG_PASSPHRASE PULUMI_CONFIG_PASSPHRASE_FILE`. If the line " +
      "encryptionsalt was edited: `git diff` shows it.",
  ],
  [
    /unable to read PULUMI_CONFIG_PASSPHRASE_FILE/,
    () => "`unset PULUMI_CONFIG_PASSPHRASE_FILE`, or have it name the file with the passphrase.",
  ],
  [
    /yaml: [^]*?line (\d+): (.*)/,
    ([, line, what]) =>
      `The stack's settings, Pulumi.<stack>.yaml, cannot be read: line ${line}, ${what}. Mend that line; \`pulumi config\` reads them again, and \`git diff\` shows what was edited.`,
  ],
  [
    /configuration key '([^']+)' must be of type '([^']+)'/,
    ([, key, type], project) =>
      `${project}:${key} in Pulumi.<stack>.yaml is no ${type}: \`pulumi config set ${key} VALUE\` writes one, \`pulumi config rm ${key}\` leaves the default.`,
  ],
  [
    /validating stack config: (bad value|.*decrypt)/,
    () =>
      "A setting in Pulumi.<stack>.yaml that stands below `secure:` was not encrypted for this stack: `pulumi config set --secret KEY` writes it anew.",
  ],
  [
    /expected project to be an object/,
    () =>
      "The stack's settings, Pulumi.<stack>.yaml, are no settings file: it is to begin with `config:`, and below it the settings, indented by two spaces.",
  ],
];

/** The remedy for a refusal. @param text what the CLI wrote to standard error. @returns `undefined` where the CLI's message says all */
export function cliRemedy(text: string, project = projectName()): string | undefined {
  for (const [says, remedy] of REMEDIES) {
    const found = says.exec(text);
    if (found) return `\n${remedy(found, project)}`;
  }
  return undefined;
}
