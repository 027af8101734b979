/** What the running consumers have seen of changes that are lost to the stack. */
import { NEXT_LOSS } from "../connector/verbs/new-losses";
import { consumerHealth } from "../consumer-health";

/**
 * A consumer that runs answers in milliseconds, on a machine with all cores busy in more than a second. Without its answer a start would not
 * know of the loss, and read no rows again. Only a consumer that hangs costs this whole time.
 */
const LOOK_MS = 10_000;

/**
 * What all of them say: only the one that reads a topic notices that it was made again.
 *
 * @param ports of their pages on this machine
 * @returns their sentences; empty where none says any, or none answers
 */
export async function missedByConsumers(ports: readonly number[]): Promise<string> {
  const told = await Promise.all(
    ports.map(async (port) => {
      const health = await consumerHealth(`http://127.0.0.1:${port}`, LOOK_MS).catch(() => undefined);
      const losses = health?.losses;
      return Array.isArray(losses) ? losses.map(String) : [];
    }),
  );
  // The sentence ends with a remedy, which the caller says in its own words.
  return eachOnce(told.flat())
    .map((each) => each.split(". ")[0]!)
    .join(NEXT_LOSS);
}

/** Pure: each loss once, in the words of whoever told it first. Several consumers notice the same one, at other moments. */
export function eachOnce(losses: readonly string[]): string[] {
  const without = losses.map((each) => each.replace(/ before \S+ are in no topic/, ""));
  return losses.filter((_, at) => without.indexOf(without[at]!) === at);
}
