import type { TableResult } from "../../../commands/verify/result";
import type { TestStack } from "../stack";
import { runLook } from "./looked";

/** Runs `npm run verify` on a stack. */
export function runVerify(
  stack: TestStack,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  return runLook({ ...stack.environment, NO_COLOR: "1" }, "verify", ...args);
}

/** Its results. @throws with all of its output when it could not compare */
export async function verified(stack: TestStack, ...args: string[]): Promise<TableResult[]> {
  const { code, stdout, stderr } = await runVerify(stack, "--json", ...args);
  if (code > 1 || !stdout.startsWith("{")) throw new Error(`verify ended with code ${code}:\n${stdout}\n${stderr}`);
  return (JSON.parse(stdout) as { tables: TableResult[] }).tables;
}
