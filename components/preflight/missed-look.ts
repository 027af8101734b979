/** What the running consumer has seen of changes that are lost to the stack. */
import { consumerHealth } from "../consumer-health";

/**
 * A consumer that runs answers in milliseconds, on a machine with all cores busy in more than a second. Without its answer a start would not
 * know of the loss, and read no rows again. Only a consumer that hangs costs this whole time.
 */
const LOOK_MS = 10_000;

/** @param port of its page on this machine. @returns its sentence; empty where it says none, or does not answer */
export async function missedByConsumer(port: number): Promise<string> {
  const health = await consumerHealth(`http://127.0.0.1:${port}`, LOOK_MS).catch(() => undefined);
  const losses = health?.losses;
  // The sentence ends with a remedy, which the caller says in its own words.
  return Array.isArray(losses) ? losses.map((each) => String(each).split(". ")[0]!).join("; ") : "";
}
