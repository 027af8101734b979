/** The arguments of `npm start` and `npm stop`: options of their own, and some of the Pulumi command that they run. */
import { didYouMean } from "../../components/nearest";
import { refuseSwallowed, UsageError } from "../terminal/usage";

/** Names of options, without their dashes; of a short option the letter alone. */
export interface Arguments {
  /** As in `npm start`. */
  command: string;
  /** Options of the command itself, which Pulumi does not know. */
  own: readonly string[];
  /** Options of Pulumi that are passed on. */
  passed: readonly string[];
  /** Those of them that take a value. */
  valued: readonly string[];
  /** Those of them whose value is a number. */
  counted: readonly string[];
  /** Those whose value names resources. */
  naming: readonly string[];
}

/**
 * Pure. Pulumi takes a word without dashes for a template to download, and prints pages for an option that it does not know.
 *
 * @param env where npm leaves options that stood before `--`
 * @throws UsageError in one sentence
 */
export function checkArguments(
  args: readonly string[],
  { command, own, passed, ...kinds }: Arguments,
  env: NodeJS.ProcessEnv,
): void {
  const known = [...own, ...passed];
  refuseSwallowed(known, env);
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [, name = "", , attached] = /^(?:--|-(?=[a-z]$))([a-z][a-z-]*)(=(.*))?$/s.exec(arg) ?? [];
    if (!known.includes(name)) throw new UsageError(unknown(arg, command, known));
    const value = kinds.valued.includes(name) ? (attached ?? args[++at]) : attached;
    const option = arg.split("=")[0]!;
    if (own.includes(name) && value !== undefined) throw new UsageError(`${option} takes no value, and got "${value}"`);
    const allowed = allowedFor(name, kinds);
    if (!allowed.form.test(value ?? allowed.without)) throw new UsageError(wrong(option, value, allowed.text));
  }
}

/** Pure. */
export function isHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/** Pure: whether a person agrees beforehand to what a start would ask. */
export function isYes(args: readonly string[]): boolean {
  return args.includes("--yes") || args.includes("-y");
}

/** What says yes beforehand to whatever brings the stack up and asks: other commands than `npm start` do so, and take no --yes. */
export const YES_BEFOREHAND = "`npm start -- --yes`";

/** What a value may be, and what stands for none. */
interface Allowed {
  form: RegExp;
  without: string;
  text: string;
}

const NUMBER: Allowed = { form: /^\d{1,4}$/, without: "", text: "a whole number up to 9999" };
/** Anything else Pulumi would look for among the resources, and say that it is missing only at the end of its run. */
const RESOURCES: Allowed = {
  form: /^urn:pulumi:|\*/,
  without: "",
  text: "the URN of a resource, as `npm run pulumi -- stack --show-urns` prints it, or a part of it between `**`",
};
const ANY: Allowed = { form: /./s, without: "", text: "a value behind it" };
const SWITCH: Allowed = { form: /^(true|false)$/, without: "true", text: "true and false" };

function allowedFor(
  name: string,
  { counted, naming, valued }: Pick<Arguments, "counted" | "naming" | "valued">,
): Allowed {
  if (counted.includes(name)) return NUMBER;
  if (naming.includes(name)) return RESOURCES;
  return valued.includes(name) ? ANY : SWITCH;
}

function wrong(option: string, value: string | undefined, allowed: string): string {
  return value === undefined
    ? `${option} lacks its value; allowed is ${allowed}`
    : `${option} is ${JSON.stringify(value)}; allowed is ${allowed}`;
}

function unknown(arg: string, command: string, known: readonly string[]): string {
  const allowed = known.filter((each) => each.length > 1).map((each) => `--${each}`);
  const meant = /^(--stack|-s)(=|$)/.test(arg)
    ? ` Another stack than the selected one: \`pulumi stack select NAME\`, or \`PULUMI_STACK=NAME ${command}\`.`
    : didYouMean(arg, allowed);
  return `${command} does not take ${JSON.stringify(arg)}; allowed are ${allowed.join(", ")}.${meant}`;
}

const ABOUT_RUNS = ["yes", "y", "refresh", "r", "parallel", "p", "message", "m", "continue-on-error"];
const ABOUT_RESOURCES = ["target", "t", "target-dependents"];
const ABOUT_OUTPUT = ["diff", "debug", "d", "verbose", "v", "logtostderr", "suppress-outputs", "suppress-progress"];
const COUNTED = ["parallel", "p", "verbose", "v"];
const NAMING = ["target", "t", "replace", "target-replace"];
const VALUED = [...NAMING, "message", "m", ...COUNTED];

export const START_ARGUMENTS: Arguments = {
  command: "npm start",
  own: ["watch", "take-over", "help", "h"],
  passed: [...ABOUT_RUNS, ...ABOUT_RESOURCES, "replace", "target-replace", ...ABOUT_OUTPUT],
  valued: VALUED,
  counted: COUNTED,
  naming: NAMING,
};

export const STOP_ARGUMENTS: Arguments = {
  command: "npm stop",
  own: ["remove", "gone", "help", "h"],
  passed: [...ABOUT_RUNS, ...ABOUT_RESOURCES, ...ABOUT_OUTPUT],
  valued: VALUED,
  counted: COUNTED,
  naming: NAMING,
};
