/**
 * Processes that Pulumi's CLI has started in this checkout and that outlived it: `kill -9` of the CLI ends none of them. The program, the
 * dynamic providers and the plugins would go on with what they were told, beside the next run.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { enginePort, isGone } from "../../program/dynamic/engine-gone";

/** A process that works for an engine of Pulumi. */
export interface EngineProcess {
  pid: number;
  /** As in `program` or `pulumi-resource-docker`. */
  what: string;
  /** The port of 127.0.0.1 at which the engine listened that started it. */
  enginePort: number;
}

/**
 * Ends the processes of this folder whose engine does not listen any more, and says so. Those of a run that goes on are left alone. Only
 * Linux tells the folder in which a process runs; elsewhere nothing is ended.
 *
 * @param root folder of the project
 */
export async function endLeftovers(root = process.cwd()): Promise<void> {
  const found = engineProcesses(root);
  const left = await Promise.all(found.map(async (each) => ((await isGone(each.enginePort)) ? [each] : [])));
  const ended = left.flat().filter(({ pid }) => end(pid));
  if (ended.length === 0) return;
  const which = ended.map(({ what, pid }) => `${what} (process ${pid})`).join(", ");
  console.error(`Ended, since the Pulumi CLI that started them is gone: ${which}.`);
}

function engineProcesses(root: string): EngineProcess[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const found = parseCommandLine(readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").slice(0, -1));
        const isHere = found !== undefined && readlinkSync(`/proc/${name}/cwd`) === root;
        return isHere ? [{ pid: Number(name), ...found }] : [];
      } catch {
        // It has just ended, or it is another user's.
        return [];
      }
    });
}

const PROGRAM = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]|$)/;
const PROVIDERS = /@pulumi[\\/]pulumi[\\/]cmd[\\/]dynamic-provider/;
/** Not the language host: the CLI leaves it behind after many a failed run, and it does nothing until it ends by itself some minutes later. */
const PLUGIN = /^pulumi-resource-/;

/** Pure: what a process does for which engine; undefined: it works for none. */
export function parseCommandLine(words: readonly string[]): Omit<EngineProcess, "pid"> | undefined {
  const [command = ""] = words;
  const isNode = basename(command) === "node";
  if (isNode && words.some((word) => PROGRAM.test(word)))
    return served("program", words[words.indexOf("--engine") + 1]);
  if (isNode && words.some((word) => PROVIDERS.test(word))) return served("dynamic providers", words.at(-1));
  return PLUGIN.test(basename(command)) ? served(basename(command), words.at(-1)) : undefined;
}

function served(what: string, address: string | undefined): Omit<EngineProcess, "pid"> | undefined {
  const port = enginePort(address);
  return port === undefined ? undefined : { what, enginePort: port };
}

/** @returns whether it was there and could be ended */
function end(pid: number): boolean {
  try {
    // A program that computes without a pause takes no other signal.
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
