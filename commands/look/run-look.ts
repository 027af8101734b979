import { paintFor } from "../terminal/paint";
import { codeOf } from "../terminal/failure";
import { failWhileOpen } from "../terminal/while-open";
import { reasonOf } from "./answer";
import { type Finding, isHealthy } from "./finding";
import { lookJson } from "./json";
import type { StackLook } from "./stack-look";
import { parseOptions } from "./look-options";
import { screen } from "./screen";

/** What was seen, and what it means. */
export interface LookResult {
  look: StackLook;
  findings: Finding[];
}

/**
 * A command that looks: prints what was seen, for people or as JSON, and ends the process with 0 when all is well, 1 when
 * something is wrong, 2 for a wrong argument.
 */
export function runLook(help: string, see: (stack: string | undefined) => Promise<LookResult>): void {
  const { stdout, stderr } = process;
  const main = async (): Promise<{ text: string; code: number }> => {
    const options = parseOptions(process.argv.slice(2));
    if (options === undefined) return { text: help, code: 0 };
    const { look, findings } = await see(options.stack);
    const text = options.json
      ? `${JSON.stringify(lookJson(look, findings))}\n`
      : screen(look.prefix, findings, paintFor(stdout));
    return { text, code: isHealthy(findings) ? 0 : 1 };
  };
  const done = failWhileOpen();
  const ended = main().finally(done);
  ended.then(
    // A question without an answer in time may still be open, and would keep the process.
    ({ text, code }) => stdout.write(text, () => process.exit(code)),
    (error: unknown) => {
      stderr.write(`${reasonOf(error)}\n`);
      process.exit(codeOf(error));
    },
  );
}
