import { createInterface } from "node:readline/promises";
import { UsageError } from "./usage";

/**
 * Asks the person a question.
 *
 * @param beforehand how a person says yes without a terminal: an option of the command that asks, or a command that takes one
 * @returns whether the answer is yes
 * @throws UsageError when there is no terminal to ask in
 */
export async function agreed(question: string, beforehand = "--yes"): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError(`Nobody is there to be asked; ${beforehand} says that it is meant`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
