import type { Contestant } from "./contestants/contestant";
import { measureAddedRows } from "./measures/added-rows";
import { measureDrain } from "./measures/drain";
import { measureEventReaders } from "./measures/event-readers";
import { Feed } from "./measures/instruments/feed";
import type { Measure } from "./report/figure";
import { figure } from "./report/figure-list";
import { formatted } from "./report/format";
import { measureGrowth } from "./measures/growth";
import { firstRow, measureFirstRow } from "./measures/first-row";
import { measureIdle } from "./measures/idle";
import { tableNames } from "./contestants/init-sql";
import { measureLatency } from "./measures/latency";
import { measureManyTables } from "./measures/many-tables";
import { type Durations, fiveContainers, type Run, type Sample, timed } from "./measures/measure";
import { measureSnapshot } from "./measures/snapshot";
import { measureSustained } from "./measures/sustained";

export interface RoundOptions {
  round: number;
  measures: ReadonlySet<Measure>;
  durations: Durations;
  signal: AbortSignal;
  say(text: string): void;
  keep(sample: Sample): void;
}

/** Brings one contestant up, takes the measures, and removes it. */
export async function playRound(contestant: Contestant, options: RoundOptions): Promise<void> {
  const { measures } = options;
  const run = await runOf(contestant, options, tableNames(1));
  try {
    run.say("start");
    if (measures.has("first-row")) await measureFirstRow(run);
    else await firstRow(run);
    await measureRunning(run, measures);
    if (measures.has("destroy")) run.record("destroy", await timed(() => contestant.down()));
  } finally {
    await contestant.remove();
  }
}

type Play = (contestant: Contestant, options: RoundOptions) => Promise<void>;

const OWN_STARTS = { growth: measureGrowth, "many-tables": measureManyTables, "added-rows": measureAddedRows };

/** The requested measures that need starts of their own, with other tables. Each is separate, so that a failure does not stop the others. */
export function playOwnStarts(measures: ReadonlySet<Measure>): Play[] {
  return Object.entries(OWN_STARTS)
    .filter(([name]) => measures.has(name as Measure))
    .map(
      ([, measure]) =>
        (contestant, options) =>
          measure(contestant, (tables) => runOf(contestant, options, tables)),
    );
}

async function runOf(contestant: Contestant, options: RoundOptions, tables: string[]): Promise<Run> {
  const { round, durations, signal, keep } = options;
  const say = (text: string): void => options.say(`round ${round}, ${contestant.name}: ${text}`);
  await contestant.remove();
  const endpoints = await contestant.prepare(tables);
  return {
    contestant,
    endpoints,
    feed: new Feed(endpoints.feedUrl, signal),
    durations,
    signal,
    say,
    record: (id, value, detail) => {
      const { title, unit } = figure(id);
      keep({ contestant: contestant.name, round, figure: id, value, ...(detail === undefined ? {} : { detail }) });
      say(`${title}: ${formatted(value)} ${unit}`);
    },
  };
}

async function measureRunning(run: Run, measures: ReadonlySet<Measure>): Promise<void> {
  const wants = (measure: Measure): boolean => measures.has(measure);
  // First, because the result depends on how warm the processes are.
  if (wants("latency")) await measureLatency(run);
  if (wants("memory") || wants("cpu")) await measureIdle(run, { memory: wants("memory"), cpu: wants("cpu") });
  // Before the connector is made again by hand.
  if (wants("noop")) await measureNoop(run);
  const { contestant } = run;
  if (wants("npm-start") && contestant.start) run.record("npm-start", await timed(() => contestant.start!()));
  let drainRate: number | undefined;
  if (wants("drain") || wants("memory")) {
    drainRate = await measureDrain(run, { drain: wants("drain"), memory: wants("memory") });
  }
  if (wants("sustained")) await measureSustained(run, drainRate);
  if (wants("events")) await measureEventReaders(run);
  if (wants("snapshot")) await measureSnapshot(run);
}

/** Measures a no-op `up`. @throws when it made a container again, since there was something to do */
async function measureNoop(run: Run): Promise<void> {
  const before = await fiveContainers(run);
  const seconds = await timed(() => run.contestant.noop());
  const made = [...(await fiveContainers(run))].filter(([id]) => !before.has(id)).map(([, name]) => name);
  if (made.length > 0) throw new Error(`nothing was to be done, yet ${made.join(", ")} was made anew`);
  run.record("noop", seconds);
}
