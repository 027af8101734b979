import { createInterface } from "node:readline/promises";
import { UsageError } from "./usage";

/** Asks the person a question. @returns whether the answer is yes @throws UsageError when there is no terminal to ask in */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError("Nobody is there to be asked; --yes says that it is meant");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
