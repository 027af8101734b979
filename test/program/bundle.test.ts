import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";

test("the program's process ends when the engine that reads its output is gone", async () => {
  const script = 'require("./toolchain/program.cjs"); setInterval(() => console.log("still here"), 10)';
  // Pulumi's own handler of uncaught errors writes them to the same stream.
  const handler = 'process.on("uncaughtException", (error) => console.error(error.message));';
  const child = spawn(process.execPath, ["-e", `${handler} ${script}`], { stdio: ["ignore", "pipe", "pipe"] });
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.stderr.destroy();
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(1);
}, 30_000);
