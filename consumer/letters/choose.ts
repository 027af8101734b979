/** Decides which dead letters are sent back. */
import { isOf, type Standing } from "./letter";

export interface Choice {
  send: Standing[];
  /** Letters that were chosen but cannot be sent. */
  refused: { number: string; reason: string }[];
}

/** The reason why nothing was sent. */
export class NotSent extends Error {}

/**
 * Pure: the letters to send, in the order of the topic. When numbers are named and one of them cannot be sent, none is sent: the person
 * has to decide what to do without it.
 *
 * @param numbers the named letters; undefined: all that were not sent back
 * @param tables without numbers, only letters of these tables; empty: of any table
 * @param group of the consumer to which they are sent
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
      `${origin.topic}/${origin.partition} as long as that is kept: \`npm run replay -- --offset ${origin.offset} --partition ${origin.partition} --table '${table}'\` ` +
      "hands it, and what follows it there, to the handler again. A larger cdc:maxRecordMb keeps the next ones whole."
    );
  }
  return undefined;
}
