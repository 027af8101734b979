import { readArguments, stackOption } from "../terminal/usage";

/** The options of the commands that only look at the stack. */
export interface LookOptions {
  /** Undefined: the selected one. */
  stack: string | undefined;
  json: boolean;
}

/** Undefined when help is asked for. @throws UsageError */
export function parseOptions(args: string[]): LookOptions | undefined {
  const { values } = readArguments({
    args,
    options: { stack: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return undefined;
  return { stack: stackOption(values.stack), json: values.json ?? false };
}
