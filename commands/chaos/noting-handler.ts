/** The consumer's handler in the stack under test. It notes each call that ends well in a file, which outlives a SIGKILL. */
import { openSync, writeSync } from "node:fs";
import type { Change } from "../../consumer/change/change-event";
import type { Context } from "../../consumer/delivery/handler";
import { handledLine } from "./reckon/handled";
import { POISON, versionOf } from "./version";

const file = openSync(`${process.env["STATE_DIR"] ?? "."}/chaos-handled`, "a");

export function handle(change: Change, context: Context): void {
  const { op, before, after, position } = change;
  if (after?.["note"] === POISON) throw new Error("the handler throws on this key, as chaos has it");
  const version = versionOf(op, (after ?? before)?.["version"], position?.txId);
  if (version === undefined) return;
  writeSync(file, handledLine({ version, at: Date.now(), marked: context.duplicate !== undefined }));
}
