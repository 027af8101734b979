import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";

test("the program's process ends when the engine that reads its output is gone", async () => {
  const script = 'require("./program/main.cjs"); setInterval(() => console.log("still here"), 10)';
  // Pulumi's own handler of uncaught errors writes them to the same stream.
  const handler = 'process.on("uncaughtException", (error) => console.error(error.message));';
  const child = spawn(process.execPath, ["-e", `${handler} ${script}`], { stdio: ["ignore", "pipe", "pipe"] });
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.stderr.destroy();
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(1);
});

/** What Pulumi's handler would report about a promise that nothing awaits. */
function reported(rejection: string): { said: string; code: number | null } {
  const handler = 'process.on("unhandledRejection", (error) => console.error(`reported: ${error.message}`));';
  const script = `${handler} require("./program/main.cjs"); void Promise.reject(new Error(${JSON.stringify(rejection)}));`;
  const { stderr, status } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  return { said: stderr.trim(), code: status };
}

test("an engine that has failed already is not reported once more by the program that it left", () => {
  expect(reported("Resource monitor is terminating")).toEqual({ said: "", code: 32 });
  expect(reported("something else")).toEqual({ said: "reported: something else", code: 0 });
});
