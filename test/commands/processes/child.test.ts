import { expect, test } from "@jest/globals";
import { runChild } from "../../../commands/processes/child";

const node = (script: string, signal?: AbortSignal): Promise<string> =>
  runChild(process.execPath, ["-e", script], { signal });

test("gives what was printed", async () => {
  expect(await node("console.log('so'); console.error('beside')")).toBe("so\n");
});

test("no character is lost where the output comes in pieces", async () => {
  const printed = await node("process.stdout.write('x' + '\\u0436'.repeat(200_000))");
  expect(printed.replace(/\u0436/g, "")).toBe("x");
});

test("an error has the exit code and both outputs", async () => {
  await expect(node("console.log('so'); console.error('beside'); process.exit(3)")).rejects.toThrow(
    /ended with code 3:\nso\n\nbeside/,
  );
});

test("a program that is not there is named", async () => {
  await expect(runChild("no-such-program", [])).rejects.toThrow("Cannot run no-such-program");
});

test("a signal ends it with all that it started", async () => {
  const stop = new AbortController();
  const started = Date.now();
  const script = "require('child_process').execSync('sleep 30')";
  const running = node(script, stop.signal);
  setTimeout(() => stop.abort(), 300);
  await expect(running).rejects.toThrow(/ended with code null/);
  expect(Date.now() - started).toBeLessThan(10_000);
});

test("nothing is started once the signal was given", async () => {
  await expect(node("", AbortSignal.abort(new Error("ended by SIGINT")))).rejects.toThrow("ended by SIGINT");
});
