import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../../../consumer/change/change-event";

const HANDLING_MS = 25;

/** Takes a while for each change. Members on one machine write into one file, so its lines are in the order of all calls. */
export async function handle(change: Change): Promise<void> {
  if (change.op !== "update") return;
  appendFileSync(process.env["CALLS"]!, `${String(change.after!["id"])} ${String(change.after!["number"])}\n`);
  await sleep(HANDLING_MS);
}
