/** The mark of an upgrade that is under way. It stays after one that failed or was killed, so that the next start looks at the volume. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Lock, lockHolder } from "../processes/lock";
import { isProcessOf } from "../processes/process-of";

/** @param prefix `<project>-<stack>` */
export function lockFile(prefix: string): string {
  return join("dist", "upgrade-postgres", prefix);
}

/** @throws where another upgrade of the stack runs */
export function takeUpgrade(prefix: string): Lock {
  return Lock.take(`upgrade of ${prefix}`, lockFile(prefix), goesOn);
}

/** Whether there is the mark of an upgrade, of whichever state. */
export function isMarked(prefix: string): boolean {
  return existsSync(lockFile(prefix));
}

/** The process of an upgrade that goes on. */
export function upgradingProcess(prefix: string): number | undefined {
  const holder = lockHolder(lockFile(prefix));
  return holder !== undefined && goesOn(holder) ? holder : undefined;
}

const goesOn = (pid: number): boolean => isProcessOf(pid, "cmdline", "upgrade-postgres.ts");
