import { readArguments, stackOption } from "../usage";

export const HELP = `Shows the stack on one screen: containers, connector, slot, topics, consumer, newest change.

  npm run status -- [options]

  --stack NAME   another stack than the selected one
  --json         the same as JSON, for scripts
  --help         this text

Ends with 0 when all is well, with 1 when something is wrong: below it stands the command that mends it.
`;

export interface StatusOptions {
  stack: string | undefined;
  json: boolean;
}

/** Undefined when help is asked for. @throws UsageError */
export function parseOptions(args: string[]): StatusOptions | undefined {
  const { values } = readArguments({
    args,
    options: { stack: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return undefined;
  return { stack: stackOption(values.stack), json: values.json ?? false };
}
