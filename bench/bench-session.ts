import { setTimeout as sleep } from "node:timers/promises";
import type { BenchOptions } from "./bench-options";
import { Checkout } from "./checkout/checkout";
import { findRevision, OtherCheckout, type Revision } from "./checkout/other-checkout";
import { findCompose } from "./contestants/compose";
import type { Contestant, ContestantName } from "./contestants/contestant";
import { imagesOf } from "./contestants/declared-resources";
import { Model } from "./contestants/model";
import { Ours, WITHOUT_ZOOKEEPER } from "./contestants/ours";
import { Stock } from "./contestants/stock";
import type { Images } from "./contestants/stock-compose";
import { Tuned } from "./contestants/tuned";
import { type Machine, machine, otherStacks } from "./machine/facts";
import { imageBytes, warmPageCache } from "./measures/image-sizes";
import { FULL, QUICK, type Sample } from "./measures/measure";
import { type Measure, OWN_STARTS } from "./report/figure";
import { playOwnStarts, playRound, type RoundOptions } from "./round";

/** A round that ended early; the others go on. */
export interface FailedRound {
  contestant: ContestantName;
  round: number;
  message: string;
}

export interface Results {
  machine: Machine;
  /** With --against. */
  against: Revision | undefined;
  samples: Sample[];
  failures: FailedRound[];
  seconds: number;
}

/** After a signal, work that is under way has this many milliseconds to end by itself. */
const SETTLE_MS = 20_000;

/** One run of the benchmark, from leftovers of earlier ones to the last round. */
export class Session {
  private readonly stop = new AbortController();
  private readonly here = new Checkout(process.cwd(), this.stop.signal);
  private readonly there = new OtherCheckout(this.here);
  private readonly models = {
    other: new Model(this.there, "bench-model"),
    ours: new Model(this.here, "bench-model"),
    kraft: new Model(this.here, "bench-model-kraft", WITHOUT_ZOOKEEPER),
  };
  private contestants: Contestant[] = [];
  private readonly start = performance.now();
  private readonly samples: Sample[] = [];
  private readonly failures: FailedRound[] = [];
  private ended: Promise<unknown> = Promise.resolve();

  /** @param kept called after each round and at an early end, so that nothing measured is lost */
  constructor(
    private readonly options: BenchOptions,
    private readonly print: (line: string) => void,
    private readonly kept: (results: Results) => void,
  ) {}

  run(): Promise<Results> {
    const running = this.measure();
    this.ended = running.catch(() => undefined);
    return running;
  }

  /** Ends the work that is under way. `clear` removes what it started. */
  async abort(reason: Error): Promise<void> {
    this.stop.abort(reason);
    // Nothing may be started while things are removed.
    await Promise.race([this.ended, sleep(SETTLE_MS)]);
  }

  /** Removes what any run of the benchmark from this checkout has left. */
  async clear(): Promise<void> {
    const all = [...this.contestants, ...Object.values(this.models)];
    const outcomes = await Promise.allSettled(all.map((each) => each.remove()));
    await this.there.remove();
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  }

  private async measure(): Promise<Results> {
    const { only, rounds } = this.options;
    const against = this.options.against === undefined ? undefined : await findRevision(this.options.against);
    const compose = only.some((name) => name === "stock" || name === "tuned")
      ? await findCompose((text) => this.say(text))
      : { command: ["docker-compose"], version: undefined };
    this.contestants = this.everybody(compose.command);
    await this.clear();
    const facts = await machine(this.here, compose.version);
    const results = (): Results => {
      const { samples, failures } = this;
      return { machine: facts, against, samples, failures, seconds: this.seconds() };
    };
    for (const stack of await otherStacks(this.contestants.map(({ label }) => label))) {
      this.say(`stack ${stack} runs beside this and disturbs the figures`);
    }
    if (against) {
      this.say(`a checkout of ${against.name} with its packages, in ${this.there.folder}`);
      await this.there.make(against);
    }
    for (const name of ["other", "ours", "kraft"] as const) {
      // Contestants under compose run the images of this checkout.
      const copied = name === "ours" && compose.version !== undefined;
      if (only.includes(name) || copied) await this.images(name);
    }
    const chosen = this.contestants.filter(({ name }) => only.includes(name));
    for (let round = 1; round <= rounds; round++) {
      for (const contestant of turn(chosen, round - 1)) {
        await this.guarded(contestant, round).finally(() => this.kept(results()));
      }
    }
    return results();
  }

  private everybody(compose: string[]): Contestant[] {
    const { signal } = this.stop;
    return [
      new Stock(compose, this.models.ours, signal),
      new Tuned(compose, this.models.ours, signal),
      new Ours("other", this.there),
      new Ours("ours", this.here),
      new Ours("kraft", this.here),
    ];
  }

  private async guarded(contestant: Contestant, round: number): Promise<void> {
    const { options } = this;
    const measures = measuresOf(contestant.name, round, options);
    const roundOptions: RoundOptions = {
      round,
      measures,
      durations: options.quick ? QUICK : FULL,
      signal: this.stop.signal,
      say: (text) => this.say(text),
      keep: (sample) => this.samples.push(sample),
    };
    for (const play of [...(needsCommonStart(measures) ? [playRound] : []), ...playOwnStarts(measures)]) {
      try {
        await play(contestant, roundOptions);
      } catch (error) {
        this.stop.signal.throwIfAborted();
        const { message } = error as Error;
        this.failures.push({ contestant: contestant.name, round, message });
        this.say(`round ${round}, ${contestant.name}: given up: ${message}`);
      }
    }
  }

  /** Makes missing images, and prints the sizes of all. */
  private async images(name: "other" | "ours" | "kraft"): Promise<void> {
    this.say(`${name}: a start that is not measured, which builds the images`);
    const images = imagesOf((await this.models[name].applied()).resources);
    const sizes = await imageBytes(images);
    if (this.options.measures.includes("images")) {
      for (const part of Object.keys(images) as (keyof Images)[]) {
        const value = (sizes[part] ?? NaN) / 1e6;
        this.samples.push({ contestant: name, round: 1, figure: `image-${part}`, value, detail: images[part] });
      }
    }
    this.say("reading the images once, so that nobody starts with a cold page cache");
    await warmPageCache(images);
  }

  private say(text: string): void {
    this.print(`${this.seconds().toFixed(0).padStart(5)} s  ${text}`);
  }

  private seconds(): number {
    return (performance.now() - this.start) / 1000;
  }
}

/** Pure: the contestants, another one first in each round. */
export function turn<T>(all: readonly T[], by: number): T[] {
  const at = all.length === 0 ? 0 : by % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}

/**
 * Pure: which measures are taken of which contestant. The ladder takes minutes and its rungs are far apart, so contestants under compose climb it
 * only in the first round. Measures that need starts of their own are taken once of this checkout, or in each round of both revisions.
 */
export function measuresOf(
  name: ContestantName,
  round: number,
  { measures, against }: Pick<BenchOptions, "measures" | "against">,
): ReadonlySet<Measure> {
  const composed = name === "stock" || name === "tuned";
  const ownStarts = against !== undefined || (name === "ours" && round === 1);
  const skipped = [...(composed && round > 1 ? ["sustained"] : []), ...(ownStarts ? [] : OWN_STARTS)];
  return new Set(measures.filter((measure) => !skipped.includes(measure)));
}

/** Pure: whether any of these measures is taken in the common start of a round. */
export function needsCommonStart(measures: ReadonlySet<Measure>): boolean {
  return [...measures].some((measure) => measure !== "images" && !OWN_STARTS.includes(measure));
}
