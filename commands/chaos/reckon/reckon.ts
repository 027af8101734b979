/** Compares what was committed with what arrived: lost, repeated and disordered changes. Pure. */
import type { JournalEntry } from "../writer/journal";
import type { Handled } from "./handled";

/** A version in a topic. */
export interface ToldVersion {
  version: string;
  /** When the record was made, in ms since 1970. */
  at: number;
}

/** From the moment of one fault to that of the next; `healed` is when it was ended. All in ms since 1970. */
export interface Window {
  from: number;
  healed: number;
  to: number;
}

export interface Reckoning {
  committed: number;
  /** Committed in this window, and in no topic. */
  lost: string[];
  /** Committed in this window, and neither handled nor among the dead letters. */
  unhandled: string[];
  /** Versions in the topics that no transaction committed. */
  invented: string[];
  /** Records that skip a version of their key which is elsewhere in the topics. */
  disorder: string[];
  disorderAtHandler: string[];
  /** Records that came again, and calls of the handler; of those, the ones that the consumer did not mark. */
  repeats: number;
  repeatsAtHandler: number;
  unmarked: number;
  deadLetters: number;
  /** From the healing until the last change was handled that took longer than a second; 0 when none did. */
  caughtUpSeconds: number;
}

export interface Evidence {
  /** In the order in which each key saw them. */
  journal: readonly JournalEntry[];
  /** Each in the order of its topic. */
  topics: readonly ToldVersion[];
  handled: readonly Handled[];
  deadLetters: readonly ToldVersion[];
  windows: readonly Window[];
}

/** A change that takes longer from its commit to its handler is late. */
export const LATE_MS = 1000;

/** One reckoning for each window. What lies outside of all counts for the nearest one before it, else for the first. */
export function reckon({ journal, topics, handled, deadLetters, windows }: Evidence): Reckoning[] {
  const results = windows.map(nothing);
  const at = (moment: number): Reckoning =>
    results[
      Math.max(
        0,
        windows.findLastIndex(({ from }) => from <= moment),
      )
    ]!;
  const places = placesOf(journal);
  const told = new Set(topics.map(({ version }) => version));
  const buried = new Set(deadLetters.map(({ version }) => version));
  const firstHandled = new Map<string, number>();
  for (const { version, at } of handled) if (!firstHandled.has(version)) firstHandled.set(version, at);

  for (const { version, at: committed } of journal) {
    const result = at(committed);
    result.committed++;
    if (!told.has(version)) result.lost.push(version);
    const moment = firstHandled.get(version);
    if (moment === undefined && !buried.has(version)) result.unhandled.push(version);
    if (moment === undefined || moment - committed <= LATE_MS) continue;
    // A change that was not late yet when the next fault began was held up by that fault.
    const of = results.indexOf(result);
    const late = moment > windows[of]!.to && windows[of]!.to - committed <= LATE_MS ? of + 1 : of;
    const { healed } = windows[late]!;
    results[late]!.caughtUpSeconds = Math.max(results[late]!.caughtUpSeconds, (moment - healed) / 1000);
  }

  const record = new Sequence(places, told);
  for (const one of topics) {
    const result = at(one.at);
    const said = record.take(one.version);
    if (said === "invented") result.invented.push(one.version);
    if (said === "repeated") result.repeats++;
    if (said === "disorder") result.disorder.push(one.version);
  }
  const call = new Sequence(places, new Set(firstHandled.keys()));
  const lastCall = new Map(handled.map(({ version, at: moment }) => [version, moment]));
  for (const one of handled) {
    const result = at(one.at);
    const said = call.take(one.version);
    if (said === "disorder") result.disorderAtHandler.push(one.version);
    if (said !== "repeated") continue;
    result.repeatsAtHandler++;
    if (!one.marked) result.unmarked++;
  }
  // What was handled last is what a copy has: an earlier version that came again stands for ever where no later one did.
  for (const version of call.stale()) at(lastCall.get(version)!).disorderAtHandler.push(version);
  for (const one of deadLetters) at(one.at).deadLetters++;
  return results;
}

function nothing(): Reckoning {
  return {
    ...{ committed: 0, lost: [], unhandled: [], invented: [], disorder: [], disorderAtHandler: [] },
    ...{ repeats: 0, repeatsAtHandler: 0, unmarked: 0, deadLetters: 0, caughtUpSeconds: 0 },
  };
}

/** A version's key, and the versions of that key in the order of their commits. */
type Places = Map<string, { versions: string[]; index: number }>;

function placesOf(journal: readonly JournalEntry[]): Places {
  const byKey = new Map<string, string[]>();
  const places: Places = new Map();
  for (const { table, key, version } of journal) {
    const name = `${table} ${key}`;
    const versions = byKey.get(name) ?? [];
    byKey.set(name, versions);
    places.set(version, { versions, index: versions.push(version) - 1 });
  }
  return places;
}

/**
 * The versions of each key as they come. A reader that goes back and gives all versions from there on again is in order. A reader that
 * skips a version that is in the topics is not.
 */
class Sequence {
  private readonly last = new Map<string[], number>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly places: Places,
    private readonly there: ReadonlySet<string>,
  ) {}

  take(version: string): "invented" | "repeated" | "disorder" | "first" {
    const place = this.places.get(version);
    if (place === undefined) return "invented";
    const { versions, index } = place;
    const before = this.last.get(versions) ?? -1;
    this.last.set(versions, index);
    const isAgain = this.seen.has(version);
    this.seen.add(version);
    const skipped = versions.slice(before + 1, Math.max(index, before + 1));
    if (skipped.some((each) => this.there.has(each))) return "disorder";
    return isAgain ? "repeated" : "first";
  }

  /** By key the version that came last, where it is not the latest of those that came. */
  stale(): string[] {
    return [...this.last].flatMap(([versions, index]) =>
      versions.slice(index + 1).some((each) => this.seen.has(each)) ? [versions[index]!] : [],
    );
  }
}
