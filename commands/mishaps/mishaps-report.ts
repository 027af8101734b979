import type { Mishap } from "./mishap";

/** The result of a round. */
export interface Round {
  /** The mishaps in their order: `removed (kafka and connect)`. */
  mishaps: string[];
  /** The commands that were run to recover, in their order. */
  commands: string[];
  /** Seconds from the first command until the stack was up. */
  seconds: number;
  /** Number of rows in the table afterwards. */
  rows: number;
  /** Why the round did not pass; null when it did. */
  trouble: string | null;
}

/** Pure: whether all rounds were run and each passed. */
export function isGood(rounds: readonly Round[], wanted: number): boolean {
  return rounds.length === wanted && rounds.every(({ trouble }) => trouble === null);
}

/** Pure. */
export function report(rounds: readonly Round[], seed: number): string {
  const lines = rounds.map(({ mishaps, commands, seconds, trouble }, at) => {
    const took = `${seconds.toFixed(0)} s`.padStart(6);
    return `${`${at + 1}`.padStart(3)} ${took}  ${trouble === null ? "ok  " : "FAIL"}  ${mishaps.join(", ")}: ${commands.join(", ")}`;
  });
  const bad = rounds.filter(({ trouble }) => trouble !== null);
  const troubles = bad.map(({ trouble }, at) => `\n${at + 1}. ${trouble}`);
  return [
    ...lines,
    "",
    `Seed ${seed}: ${rounds.length - bad.length} of ${rounds.length} rounds passed.`,
    ...troubles,
  ].join("\n");
}

/** Pure: a line for each mishap. */
export function listOf(mishaps: readonly Mishap[]): string {
  const width = Math.max(...mishaps.map(({ name }) => name.length));
  return mishaps
    .map(({ name, what, asks }) => `${name.padEnd(width)}  ${what}${asks ? `; asks for \`${asks}\`` : ""}`)
    .join("\n");
}
