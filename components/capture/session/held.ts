import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { heldUp, heldWords } from "../../database/blockers";
import { poll } from "../../poll";
import { teller } from "../../../program/dynamic/teller";
import { session } from "./capture-session";
import type { CaptureConnection } from "../capture-types";

/** Locks come and go: how long to wait before the first look, and between two looks, in milliseconds. */
const QUIET_MS = 1500;
const EVERY_MS = 500;
/** The most that the watch lasts, in milliseconds: longer than an apply waits for locks. */
const MOST_MS = 3600_000;

/**
 * Runs `work` on its connection. Where it waits for other transactions, a second connection looks whose they are. `pulumi up` shows
 * that, and an error of `work` has it as `held`.
 */
export async function tellingWhoHolds<T>(at: CaptureConnection, client: Client, work: () => Promise<T>): Promise<T> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const { pid } = rows[0]!;
  const seen: { held?: string } = {};
  let isOver = false;
  const result = work().finally(() => (isOver = true));
  const settled = result.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, sleep(QUIET_MS, undefined, { ref: false })]);
  if (!isOver) await session(at, 0, (other) => look(other, pid, seen, () => isOver)).catch(() => undefined);
  return result.catch((error: Error) => {
    throw Object.assign(error, seen);
  });
}

function look(other: Client, pid: number, seen: { held?: string }, isOver: () => boolean): Promise<void> {
  const tell = teller();
  return poll<void>(
    async () => {
      if (isOver()) return { done: true, value: undefined };
      const held = await heldUp(other, { pid });
      if (held) {
        seen.held = heldWords(held, "the capture");
        tell(`${seen.held}.`, "held");
      }
      return { done: false, seen: seen.held ?? "nothing" };
    },
    { what: "the capture", deadlineMs: MOST_MS, intervalMs: EVERY_MS },
  );
}
