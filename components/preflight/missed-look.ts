/** What the running consumer has seen of changes that are lost to the stack. */
import type { HealthJson } from "../../consumer/api";

/**
 * One that runs answers in milliseconds, but on a machine whose cores are all busy not in one second: a start that hears of no loss reads no rows
 * again, and says nothing. Only one that hangs is waited for so long.
 */
const LOOK_MS = 10_000;

/** @param port of its page on this machine. @returns its sentence; empty where it says none, or does not answer */
export async function missedByConsumer(port: number): Promise<string> {
  const health = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(LOOK_MS) })
    .then((response) => response.json() as Promise<Partial<HealthJson>>)
    .catch(() => undefined);
  const losses = health?.losses;
  // The remedy behind it is said in other words by who refuses.
  return Array.isArray(losses) ? losses.map((each) => String(each).split(". ")[0]!).join("; ") : "";
}
