/** Which dead letters are sent back. */
import { isOf, type Standing } from "./letter";

export interface Choice {
  send: Standing[];
  /** Those that are meant but cannot be sent. */
  refused: { number: string; reason: string }[];
}

/** Nothing was sent, and why. */
export class NotSent extends Error {}

/**
 * Pure: in the order of the topic. Of numbers that are named, one that cannot be sent keeps all back: nothing else may be handled in
 * its stead.
 *
 * @param numbers undefined: all that were not sent back
 * @param tables of all those only what is of these; empty: of any
 * @param group of the consumer that they are sent to
 * @throws NotSent with a sentence for each number that cannot be sent
 */
export function choose(
  standings: readonly Standing[],
  numbers: readonly string[] | undefined,
  tables: readonly string[],
  group: string,
): Choice {
  const wanted =
    numbers === undefined
      ? standings.filter(({ letter, state }) => state === "waiting" && isOf(letter, tables))
      : standings.filter(({ letter }) => numbers.includes(letter.number));
  const looked = wanted.map((standing) => ({ standing, reason: whyNot(standing, group) }));
  const refused = looked.flatMap(({ standing, reason }) =>
    reason === undefined ? [] : [{ number: standing.letter.number, reason }],
  );
  if (numbers !== undefined) {
    const unknown = numbers.filter((number) => !wanted.some(({ letter }) => letter.number === number));
    const problems = [
      ...unknown.map((number) => `There is no dead letter ${number}.`),
      ...refused.map(({ reason }) => reason),
    ];
    if (problems.length > 0) throw new NotSent([...problems, "Nothing was sent."].join("\n"));
  }
  return { send: looked.filter(({ reason }) => reason === undefined).map(({ standing }) => standing), refused };
}

function whyNot({ letter, state, failedAs }: Standing, group: string): string | undefined {
  const { number, origin, valueOmitted } = letter;
  const name = `Dead letter ${number}`;
  if (state === "failed again") return `${name} was sent back and has failed again: it is dead letter ${failedAs} now.`;
  if (state === "handled") return `${name} was sent back and is handled.`;
  if (state === "sent back") return `${name} is sent back already; the consumer has not come to it yet.`;
  if (origin === undefined) {
    return `${name} has no headers that say where it came from: it was not written by the consumer, which cannot take it back.`;
  }
  if (letter.group !== group) {
    return `${name} was given up on by the group ${letter.group ?? "(none)"}; only that one's own consumer can take it back, and this stack's is ${group}.`;
  }
  if (valueOmitted) {
    const table = origin.topic.slice(origin.topic.indexOf(".") + 1);
    return (
      `${name} has no value, which was too large for the topic together with its headers. The record is at offset ${origin.offset} of ` +
      `${origin.topic}/${origin.partition} as long as that is kept: \`npm run replay -- --offset ${origin.offset} --table '${table}'\` ` +
      "hands it, and what follows it there, to the handler again. A larger cdc:maxRecordMb keeps the next ones whole."
    );
  }
  return undefined;
}
