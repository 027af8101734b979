import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";

/** Runs a command with this `main` in a process of its own. */
function command(main: string) {
  const script = `require("ts-node").register({ transpileOnly: true });
    require("./commands/terminal/main").runMain(async () => { ${main} });`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => (said += String(data)));
  const ended = once(child, "close").then(([code]) => ({ code: code as number, said }));
  return { child, ended };
}

test("an error is printed as its message, and ends the command with 1", async () => {
  const { ended } = command('throw new Error("The broker does not answer.");');
  expect(await ended).toEqual({ code: 1, said: "The broker does not answer.\n" });
});

test("what ends before it is done fails, and says so: with code 0 it would count as done", async () => {
  const { ended } = command("await new Promise(() => {});");
  expect(await ended).toEqual({
    code: 1,
    said: "Ended before it was done: something that it waited for never answered. Run it again.\n",
  });
});

test("who reads its output and goes does not stop it half-way", async () => {
  const main = `let gone = false;
    process.stdout.on("error", () => (gone = true));
    while (!gone) {
      console.log("more");
      await new Promise(setImmediate);
    }
    console.error("finished");
    return 3;`;
  const { child, ended } = command(main);
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await ended).toEqual({ code: 3, said: "finished\n" });
});

test("a signal that the command's last step has heeded ends it with 130, and begins no run of the CLI", async () => {
  const main = `const { heeding } = require("./commands/processes/signals");
    await heeding(() => undefined, async () => process.emit("SIGINT", "SIGINT"));
    await require("./commands/stack/stack-outputs").pulumi(["destroy", "--yes"]);`;
  const { code, said } = await command(main).ended;
  expect({ code, said }).toEqual({ code: 130, said: "\nEnded by SIGINT. The same command goes on from here.\n" });
});
