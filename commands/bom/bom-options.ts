import { readArguments, stackOption } from "../terminal/usage";

export const HELP = `What the images are made of: Debian's packages, Java libraries, npm packages, each with its version, as a CycloneDX
file in dist/bom. Says which published holes they have, by the list in commands/bom/advisories.json.

  npm run bom -- [options] [IMAGE …]

  --stack NAME  the images of that stack (default: the one that is selected)
  IMAGE         these images instead, any that have a shell
  --help        this text

Ends with 1 when there is a hole that nobody has looked at yet, with 2 for a wrong argument.`;

export interface BomOptions {
  stack: string | undefined;
  images: string[];
}

/** Undefined when help is asked for. @throws UsageError */
export function parseOptions(args: string[]): BomOptions | undefined {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: { stack: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return undefined;
  return { stack: stackOption(values.stack), images: positionals };
}
