/** Whether a start may have failed because the engine's disk is full. The error of a full disk often does not say so. */
import { diskFinding, freeBytes } from "../doctor/machine-look";
import { containersByStack, lookAtContainers } from "../look/containers-look";
import { binaryBytes } from "../look/amounts";

const LOOK_MS = 5000;

/** @returns a sentence with the command that makes room; `undefined` where there is room, or the engine does not say */
export async function fullDisk(): Promise<string | undefined> {
  return freeBytes(await anyRunning(), LOOK_MS).then(fullDiskText, () => undefined);
}

/** Pure. */
export function fullDiskText(free: number): string | undefined {
  const { mark, remedy } = diskFinding(free);
  if (mark !== "bad") return undefined;
  return `The disk on which Docker keeps images and volumes has ${binaryBytes(free)} free, which may well be the reason. Make room: ${remedy}`;
}

async function anyRunning() {
  const stacks = await containersByStack(LOOK_MS);
  for (const [prefix, ids] of stacks) {
    const running = (await lookAtContainers(prefix, ids, LOOK_MS)).find(({ state }) => state === "running");
    if (running) return running;
  }
  return undefined;
}
