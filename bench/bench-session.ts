import { findCompose } from "./contestants/compose";
import type { Contestant, ContestantName } from "./contestants/contestant";
import { imagesOf } from "./contestants/declared-resources";
import type { Measure } from "./report/figure";
import { imageBytes, warmPageCache } from "./measures/image-sizes";
import { machine, type Machine, otherStacks } from "../commands/stack/machine-facts";
import type { BenchOptions } from "./bench-options";
import { COORDINATION, Ours } from "./contestants/ours";
import { Model } from "./contestants/model";
import { playGrowth, playRound, type RoundOptions } from "./round";
import { FULL, QUICK, type Sample } from "./measures/measure";
import { Stock } from "./contestants/stock";
import type { Images } from "./contestants/stock-compose";
import { Tuned } from "./contestants/tuned";

/** A round that ended early; the others go on. */
export interface Failure {
  contestant: ContestantName;
  round: number;
  message: string;
}

export interface Results {
  machine: Machine;
  samples: Sample[];
  failures: Failure[];
  seconds: number;
}

/** One run of the benchmark, from leftovers of earlier ones to the last round. */
export class Session {
  private readonly stop = new AbortController();
  private readonly start = performance.now();
  private readonly samples: Sample[] = [];
  private readonly failures: Failure[] = [];
  private contestants: Contestant[] = [];
  private models: Model[] = [];

  /** @param kept told after each round and at an early end, so that nothing measured is lost */
  constructor(
    private readonly options: BenchOptions,
    private readonly print: (line: string) => void,
    private readonly kept: (results: Results) => void,
  ) {}

  async run(): Promise<Results> {
    const { only } = this.options;
    const { signal } = this.stop;
    const compose = only.some((name) => name !== "ours")
      ? await findCompose((text) => this.say(text))
      : { command: ["docker-compose"], version: undefined };
    const model = new Model("bench-model", { coordination: COORDINATION.ours }, signal);
    const kraftModel = new Model("bench-model-kraft", { coordination: COORDINATION.kraft }, signal);
    this.models = [model, kraftModel];
    const ours = new Ours("ours", signal);
    this.contestants = [
      new Stock(compose.command, model, signal),
      new Tuned(compose.command, model, signal),
      ours,
      new Ours("kraft", signal),
    ];
    await this.clear();
    const here = await machine(compose.version);
    const results = (): Results => {
      return { machine: here, samples: this.samples, failures: this.failures, seconds: this.seconds() };
    };
    for (const stack of await otherStacks(this.contestants.map(({ label }) => label))) {
      this.say(`stack ${stack} runs beside this and disturbs the figures`);
    }
    // The others run the images of the first.
    if (only.some((name) => name !== "kraft")) await this.images("ours", model);
    if (only.includes("kraft")) await this.images("kraft", kraftModel);
    const chosen = needsRounds(this.options.measures) ? this.contestants.filter(({ name }) => only.includes(name)) : [];
    for (let round = 1; round <= this.options.rounds; round++) {
      for (const contestant of turn(chosen, round - 1)) {
        await this.guarded(contestant, round, playRound).finally(() => this.kept(results()));
      }
    }
    if (this.options.measures.includes("growth") && only.includes("ours")) await this.guarded(ours, 1, playGrowth);
    return results();
  }

  /** Ends what is under way; `clear` takes away what it started. */
  abort(reason: Error): void {
    this.stop.abort(reason);
  }

  /** Takes away whatever any run of the benchmark from this checkout left. */
  async clear(): Promise<void> {
    const outcomes = await Promise.allSettled([...this.contestants, ...this.models].map((each) => each.remove()));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  }

  private async guarded(contestant: Contestant, round: number, play: typeof playRound): Promise<void> {
    const { options } = this;
    const roundOptions: RoundOptions = {
      round,
      measures: measuresOf(contestant.name, round, options.measures),
      durations: options.quick ? QUICK : FULL,
      signal: this.stop.signal,
      say: (text) => this.say(text),
      keep: (sample) => this.samples.push(sample),
    };
    try {
      await play(contestant, roundOptions);
    } catch (error) {
      this.stop.signal.throwIfAborted();
      const { message } = error as Error;
      this.failures.push({ contestant: contestant.name, round, message });
      this.say(`round ${round}, ${contestant.name}: given up: ${message}`);
    }
  }

  /** Makes sure that all images are there, and says how large they are. */
  private async images(name: "ours" | "kraft", model: Model): Promise<void> {
    this.say("a start that is not measured: it builds the images, and the others are copied from it");
    const images = imagesOf((await model.applied()).resources);
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

/** Pure: the ladder takes minutes and its rungs are far apart, so the others climb it in the first round only. */
export function measuresOf(name: ContestantName, round: number, measures: readonly Measure[]): ReadonlySet<Measure> {
  const isOurs = name === "ours" || name === "kraft";
  const skipped = !isOurs && round > 1 ? "sustained" : undefined;
  return new Set(measures.filter((measure) => measure !== skipped));
}

/** Pure: whether any of these is measured in the common start of a round. */
export function needsRounds(measures: readonly Measure[]): boolean {
  return measures.some((measure) => measure !== "images" && measure !== "growth");
}
