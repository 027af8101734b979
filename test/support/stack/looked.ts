import { execFile } from "node:child_process";
import type { lookJson } from "../../../commands/look/json";
import type { TestStack } from "../stack";

/** What `npm run status` or `npm run doctor` says with `--json`, and its exit code. */
export type Said = ReturnType<typeof lookJson> & { code: number };

/** Runs one of the two on a stack. An exit code of 1 is an answer: something is wrong. */
export async function looked(
  { environment }: Pick<TestStack, "environment">,
  command: "doctor" | "status",
  env: Record<string, string> = {},
): Promise<Said> {
  const { stdout, code } = await runLook({ ...environment, ...env }, command, "--json");
  return { ...(JSON.parse(stdout) as ReturnType<typeof lookJson>), code };
}

/** Runs a command that only looks, whatever its exit code is. */
export function runLook(
  environment: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, ["toolchain/look.mjs", ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
