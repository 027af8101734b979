/**
 * An upgrade that is under way, and what a killed one leaves: pg_upgrade goes on in its container when whoever waited for it is gone. A server that
 * is started beside it would write into a cluster that is moved away.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clustersIn } from "../../components/preflight/postgres-cluster";
import { isAlive } from "../../program/alive.cjs";
import { Lock, lockHolder } from "../processes/lock";
import { clusterOf } from "./cluster";
import { endUpgrade, upgradeContainer } from "./container";
import { endedText, placeOf } from "./place";

export const [FROM, TO] = [17, 18] as const;

/** It stays after an upgrade that failed or was killed, so that the next start looks at the volume. */
function lockFile(prefix: string): string {
  return join("dist", "upgrade-postgres", prefix);
}

/** @throws where another upgrade of the stack runs */
export function takeUpgrade(prefix: string): Lock {
  return Lock.take(`upgrade of ${prefix}`, lockFile(prefix), goesOn);
}

/** After a power cut another process may have its number. */
function goesOn(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("upgrade-postgres.ts");
  } catch {
    // The system does not tell.
    return true;
  }
}

/** Before a start or a stop of the stack. @throws while an upgrade goes on. One that was killed is ended */
export async function rejectUpgrading(prefix: string): Promise<void> {
  const holder = lockHolder(lockFile(prefix));
  if (holder === undefined || holder === process.pid) return;
  if (goesOn(holder))
    throw new Error(
      `The database of ${prefix} is being upgraded (\`npm run upgrade-postgres\`, process ${holder}). Nothing was changed: once that has ended, the same again.`,
    );
  if (await endUpgrade(prefix))
    console.error(`Ended, since the upgrade that started it was killed: ${upgradeContainer(prefix)}.`);
}

/** Before a start. @throws where an upgrade that was killed or failed has left no cluster for the server of before: only the upgrade goes on from there */
export async function rejectHalfUpgraded(prefix: string): Promise<void> {
  const file = lockFile(prefix);
  if (!existsSync(file) || lockHolder(file) === process.pid) return;
  const cluster = await clusterOf(prefix).catch(() => undefined);
  const place =
    cluster?.version === FROM ? placeOf(await clustersIn(cluster.volume, cluster.image), FROM, TO) : "before";
  if (place !== "before")
    throw new Error(endedText("An upgrade of the database did not come to its end.", place, FROM, TO));
  rmSync(file, { force: true });
}
