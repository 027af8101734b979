/**
 * An upgrade that is under way, and what a killed one leaves: pg_upgrade goes on in its container when whoever waited for it is gone. A server that
 * is started beside it would write into a cluster that is moved away.
 */
import { rmSync } from "node:fs";
import { clustersIn } from "../../components/preflight/postgres-cluster";
import { lockHolder } from "../processes/lock";
import { clusterOf } from "./cluster";
import { endUpgrade, upgradeContainer } from "./container";
import { endedText, type Place, placeOf } from "./place";
import { isMarked, lockFile, upgradingProcess } from "./upgrade-lock";

export const [FROM, TO] = [17, 18] as const;

/** Before a start or a stop of the stack. @throws while an upgrade goes on. One that was killed is ended */
export async function rejectUpgrading(prefix: string): Promise<void> {
  const holder = lockHolder(lockFile(prefix));
  if (holder === undefined || holder === process.pid) return;
  if (upgradingProcess(prefix) !== undefined)
    throw new Error(
      `The database of ${prefix} is being upgraded (\`npm run upgrade-postgres\`, process ${holder}). Nothing was changed: once that has ended, the same again.`,
    );
  if (await endUpgrade(prefix))
    console.error(`Ended, since the upgrade that started it was killed: ${upgradeContainer(prefix)}.`);
}

/** Before a start. @throws where an upgrade that was killed or failed has left no cluster for the server of before: only the upgrade goes on from there */
export async function rejectHalfUpgraded(prefix: string): Promise<void> {
  if (!isMarked(prefix) || lockHolder(lockFile(prefix)) === process.pid) return;
  const place = await placeNow(prefix);
  if (place !== "before")
    throw new Error(endedText("An upgrade of the database did not come to its end.", place, FROM, TO));
  rmSync(lockFile(prefix), { force: true });
}

/** How far an upgrade that has ended came, by the volume of the stack's container. */
export async function placeNow(prefix: string): Promise<Place> {
  const cluster = await clusterOf(prefix).catch(() => undefined);
  if (cluster?.version !== FROM) return "before";
  return placeOf(await clustersIn(cluster.volume, cluster.image), FROM, TO);
}
