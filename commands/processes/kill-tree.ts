import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Kills a process and all that it started, at once: as in a power cut, none of them can tidy up. */
export function killTree(root: number): void {
  const stopped: number[] = [];
  const stop = (pid: number): void => {
    // A stopped process starts no further children while its children are looked for.
    signal(pid, "SIGSTOP");
    stopped.push(pid);
    for (const [child, parent] of parentsByProcess()) if (parent === pid) stop(child);
  };
  stop(root);
  for (const pid of stopped) signal(pid, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

/** Process and parent. A bare Linux has no `ps`, others no `/proc`. */
function parentsByProcess(): [number, number][] {
  if (!existsSync("/proc/self/stat")) {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): [number, number][] => {
      try {
        // The command's name may hold spaces and brackets: "12 (a b) S 7 …".
        const [, rest = ""] = /\) \S+ (\d+) /.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
        return [[Number(name), Number(rest)]];
      } catch {
        return [];
      }
    });
}
