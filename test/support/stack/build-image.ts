import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { docker } from "../stack";

/** Builds an image unless the engine has it. @param dockerfile its text, read from the input with `--file -` */
export async function buildImage(name: string, args: string[], dockerfile = ""): Promise<void> {
  if ((await docker("images", "--quiet", name)) !== "") return;
  const run = promisify(execFile)("docker", ["build", "--tag", name, ...args], { maxBuffer: 1 << 26 });
  run.child.stdin!.end(dockerfile);
  await run;
}
