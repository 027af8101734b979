import { afterEach, expect, test } from "@jest/globals";
import { watch } from "node:fs";
import { Machine } from "./machine.mjs";

let machine;
afterEach(() => machine.remove());

test("Ctrl-C in a renewal of the base ends the pull with it", async () => {
  machine = Machine.ready();
  machine.stub(
    "docker",
    `case "$1" in
      version) echo 20.10.24 ;;
      pull) trap ': > "$MACHINE/pull-ended"; exit 1' TERM; : > "$MACHINE/pulling"; sleep 60 & wait ;;
    esac`,
  );
  const pullHas = (file) =>
    new Promise((resolve) => {
      const watching = watch(machine.folder, () => {
        if (!machine.has(file)) return;
        watching.close();
        resolve();
      });
    });
  const [pulling, ended] = [pullHas("pulling"), pullHas("pull-ended")];
  const { child, done } = machine.start("renew-base.mjs");
  await pulling;
  child.kill("SIGINT");
  expect((await done).code).toBe(130);
  await ended;
});
