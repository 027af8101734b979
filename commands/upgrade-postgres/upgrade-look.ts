/** What `status` and `doctor` tell of an upgrade of the database: their other advice would start a server beside pg_upgrade. */
import { hasUpgrade, upgradeContainer } from "./container";
import { placeSentence, type Place } from "./place";
import { isMarked, upgradingProcess } from "./upgrade-lock";

/**
 * `goes on`: in that process, or in another folder's. `left`: whoever waited for pg_upgrade was killed. `ended`: only an upgrade goes on from there; without
 * a place the volume could not be looked at.
 */
export type UpgradeLook =
  { state: "goes on"; process?: number } | { state: "left" } | { state: "ended"; place: Place | undefined };

/**
 * @param prefix `<project>-<stack>`
 * @param runs whether the stack's own server does
 * @returns undefined where there is no upgrade, and where one has ended with all as it was
 */
export async function lookAtUpgrade(prefix: string, runs: boolean): Promise<UpgradeLook | undefined> {
  const holder = upgradingProcess(prefix);
  if (holder !== undefined) return { state: "goes on", process: holder };
  const marked = isMarked(prefix);
  // Nearly every look ends here, with nothing asked.
  if (runs && !marked) return undefined;
  if (await hasUpgrade(prefix)) return { state: marked ? "left" : "goes on" };
  if (!marked) return undefined;
  // It loads much that a usual look does not need.
  const { placeNow } = await import("./under-way");
  const place = await placeNow(prefix).catch(() => undefined);
  return place === "before" ? undefined : { state: "ended", place };
}

/** Pure: what is told of it, and the command that goes on. */
export function upgradeTold(upgrade: UpgradeLook, prefix: string): { text: string; remedy?: string } {
  const again = "npm run upgrade-postgres";
  switch (upgrade.state) {
    case "goes on": {
      const where =
        upgrade.process === undefined ? `container ${upgradeContainer(prefix)}` : `process ${upgrade.process}`;
      return {
        text: `the database is being upgraded (${again}, ${where}): no server may be started until that has ended`,
      };
    }
    case "left":
      return {
        text: `an upgrade was killed, and pg_upgrade still runs in ${upgradeContainer(prefix)}: no server may be started beside it`,
        remedy: again,
      };
    case "ended":
      return { text: `an upgrade was ended midway: ${placeSentence(upgrade.place)}`, remedy: again };
  }
}
