import { parseArgs, type ParseArgsConfig } from "node:util";

/** A wrong argument; the message says what is wrong and what is allowed. */
export class UsageError extends Error {}

/** The arguments, by Node's own parser. @throws UsageError in one sentence that names what is allowed */
export function readArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node's first sentence names the argument; what follows is about dashes.
    const sentence = (error as Error).message.split(/\. |\.?\n/)[0] ?? "";
    const allowed = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    throw new UsageError(`${sentence}; allowed are ${allowed.join(", ")}`);
  }
}

/** Pure: a stack's name, as the CLI takes it. @throws UsageError */
export function stackOption(given: string | undefined): string | undefined {
  if (given !== undefined && !/^[A-Za-z0-9_.-]{1,100}$/.test(given))
    throw new UsageError(`--stack is "${given}"; allowed is the name of a stack, as in dev`);
  return given;
}
