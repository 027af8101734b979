import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { defineHandler } from "../../../consumer/delivery/handler";

/** Prints every change. The row's `note` says whether the handler takes some time for it, or never succeeds. */
export const handle = defineHandler({
  setup: ({ log }) => log,
  handle(change, context) {
    const note = change.after?.["note"];
    const [, seconds] = /^for (\d+) s$/.exec(String(note)) ?? [];
    if (seconds !== undefined) return sleep(Number(seconds) * 1000).then(() => context.print(change));
    const [, most] = /^within (\d+) ms$/.exec(String(note)) ?? [];
    if (most !== undefined) return sleep(Math.random() * Number(most)).then(() => context.print(change));
    switch (note) {
      case "poison":
        throw new Error(`cannot handle the row ${String(change.key?.["id"])}`);
      case "poison until healed":
        if (!existsSync("/var/lib/consumer/healed")) throw new Error("not healed yet");
        return context.print(change);
      case "slow":
        return sleep(1).then(() => context.print(change));
      default:
        return context.print(change);
    }
  },
  close: (log) => log.info("the handler is closed"),
});
