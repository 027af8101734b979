import { readFileSync } from "node:fs";
import { runChild } from "../../../commands/processes/child";
import type { TestStack } from "../stack";

/** The output and files of `npm run bom`. It fails when it finds a known vulnerability that nobody has reviewed. */
export interface Bills {
  said: string;
  /** The purls (package URLs) of an image's parts. @param image its name without the repository: kafka-kraft */
  parts(image: string): string[];
}

/** Runs `npm run bom`. @param images only these. @default all of the stack */
export async function bills(stack: TestStack, ...images: string[]): Promise<Bills> {
  const args = ["toolchain/look.mjs", "bom", "--stack", stack.name, ...images];
  return {
    said: await runChild(process.execPath, args, { env: { ...process.env, ...stack.environment } }),
    parts: (image) => {
      const bill = JSON.parse(readFileSync(`dist/bom/${image}.cdx.json`, "utf8")) as { components: { purl: string }[] };
      return bill.components.map(({ purl }) => purl);
    },
  };
}
