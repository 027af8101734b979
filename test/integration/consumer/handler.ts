import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../../../consumer/change/change-event";
import type { Context } from "../../../consumer/delivery/handler";

/** Prints every change; the row's `note` says whether that takes a while, or never works. */
export function handle(change: Change, context: Context): void | Promise<void> {
  const note = change.after?.["note"];
  const [, seconds] = /^for (\d+) s$/.exec(String(note)) ?? [];
  if (seconds !== undefined) return sleep(Number(seconds) * 1000).then(() => context.print(change));
  switch (note) {
    case "poison":
      throw new Error(`cannot handle the row ${String(change.key?.["id"])}`);
    case "slow":
      return sleep(1).then(() => context.print(change));
    default:
      return context.print(change);
  }
}
