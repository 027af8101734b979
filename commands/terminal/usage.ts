import { existsSync } from "node:fs";
import { dirname, sep } from "node:path";
import { didYouMean } from "../../components/nearest";
import { parseArgs, type ParseArgsConfig } from "node:util";

/** Error for a wrong argument. Its message says what is wrong and what is allowed. */
export class UsageError extends Error {}

/** Parses the arguments with Node's own parser. @throws UsageError in one sentence that names what is allowed */
export function readArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  refuseSwallowed(Object.keys(config.options ?? {}), process.env);
  try {
    return parseArgs(config);
  } catch (error) {
    // Node's first sentence names the argument. The rest is about dashes.
    const sentence = (error as Error).message.split(/\. |\.?\n/)[0] ?? "";
    const allowed = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    const [, typed = ""] = /'(--[^' ]+)/.exec(sentence) ?? [];
    // An option that exists lacks its value.
    const meant = typed && !allowed.includes(typed) ? didYouMean(typed, allowed) : "";
    throw new UsageError(`${sentence}; allowed are ${allowed.join(", ")}${meant && `.${meant}`}`);
  }
}

/** Options that npm has, too. In the environment, they may come from npm's own settings. */
const NPMS_OWN = ["all", "color", "help", "json", "message", "only", "yes"];

/**
 * Pure: refuses options that npm has taken for its own, because no `--` stood before them. The command would otherwise do something else than its
 * user wants.
 *
 * @param options the command's, without dashes
 * @param env where npm leaves the options that it took
 * @throws UsageError
 */
export function refuseSwallowed(options: readonly string[], env: NodeJS.ProcessEnv): void {
  const taken = options.filter(
    (name) =>
      !NPMS_OWN.includes(name) && name.length > 1 && env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined,
  );
  if (taken.length === 0) return;
  const script = env["npm_lifecycle_event"] ?? "start";
  const command = script === "start" || script === "stop" ? `npm ${script}` : `npm run ${script}`;
  const text = taken.map((name) => `--${name}`).join(" ");
  throw new UsageError(
    `npm took ${text} for its own: what the command is to get stands after --, as in \`${command} -- ${text}\``,
  );
}

/** Pure: a stack's name, as the CLI takes it. @throws UsageError */
export function stackOption(given: string | undefined): string | undefined {
  if (given !== undefined && !/^[A-Za-z0-9_.-]{1,100}$/.test(given))
    throw new UsageError(`--stack is "${given}"; allowed is the name of a stack, as in dev`);
  return given;
}

/** Pure: a whole number. @param name the option's, without dashes @throws UsageError */
export function wholeOption(name: string, given: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(given) ? Number(given) : NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`--${name} is "${given}"; allowed is a whole number from ${least} to ${most}`);
  return value;
}

/** Pure: one of some words. @param name the option's, without dashes @throws UsageError */
export function wordOption<T extends string>(name: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === given);
  if (found === undefined) throw new UsageError(`--${name} is "${given}"; allowed are ${allowed.join(", ")}`);
  return found;
}

/** Path of a file that the command writes at its end. @param name the option's, without dashes @throws UsageError when its folder is missing */
export function outputOption(name: string, given: string): string {
  if (!existsSync(dirname(given)) || given.endsWith(sep) || given === "")
    throw new UsageError(`--${name} is "${given}"; allowed is the name of a file in a folder that exists`);
  return given;
}

/** Pure: the entries that `--only` names, with names separated by commas each time; all entries without it. @throws UsageError */
export function onlyOption<T extends { name: string }>(given: string[] | undefined, all: readonly T[]): readonly T[] {
  return given?.flatMap((names) => names.split(",")).map((name) => called(name.trim(), all)) ?? all;
}

function called<T extends { name: string }>(wanted: string, all: readonly T[]): T {
  const found = all.find(({ name }) => name === wanted);
  if (!found) throw new UsageError(`--only is "${wanted}"; allowed are ${all.map(({ name }) => name).join(", ")}`);
  return found;
}
