/** Refuses a memory limit above the memory of the engine's machine: the limit would have no effect, and the machine would run out first. */
import { docker } from "../engine";
import { MEMORY_SETTINGS } from "../settings/memory-setting-list";

export type MemorySettings = Record<keyof typeof MEMORY_SETTINGS, number>;

const KEYS = Object.keys(MEMORY_SETTINGS) as (keyof MemorySettings)[];
const MB = 1024 * 1024;

/** The engine is asked only where a setting is above its default: a docker command is 30 ms of CPU. @returns a sentence for each */
export async function tooMuchMemory(settings: MemorySettings): Promise<string[]> {
  if (KEYS.every((key) => settings[key] <= MEMORY_SETTINGS[key].default)) return [];
  const bytes = await docker(["info", "--format", "{{.MemTotal}}"], 20_000).catch(() => "");
  return memoryTexts(settings, Number(bytes));
}

/** Pure. @param bytes that the engine has; 0: it does not say */
export function memoryTexts(settings: MemorySettings, bytes: number): string[] {
  const most = Math.floor(bytes / MB);
  return KEYS.filter((key) => bytes > 0 && settings[key] > most).map(
    (key) =>
      `cdc:${key} is ${settings[key]}, and the Docker engine has ${most} MB of memory in all; allowed: ` +
      `${MEMORY_SETTINGS[key].least} to ${most}. \`pulumi config rm ${key}\` leaves the default, ${MEMORY_SETTINGS[key].default}.`,
  );
}
