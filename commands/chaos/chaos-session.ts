/** One run: the stack, the load, the faults, and the results. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Coordination } from "../../components/settings/coordination";
import { poll } from "../../components/poll";
import { machine } from "../stack/machine-facts";
import { FeedClient } from "../stack/feed-client";
import type { TableResult } from "../verify/result";
import { verify } from "../verify/verify-stack";
import { caughtUp } from "./caught-up";
import type { Fault } from "./faults/fault";
import { planOf } from "./chaos-plan";
import { isGood, type Results } from "./chaos-results";
import { faultPairs } from "./overlap";
import { MemoryWatch } from "./memory";
import { reckon, type Reckoning } from "./reckon/reckon";
import { toldBy } from "./reckon/topic-versions";
import { StackUnderTest } from "./stack-under-test";
import { strike, type Struck } from "./strike";
import { Journal } from "./writer/journal";
import { Writer } from "./writer/writer";

export interface SessionOptions {
  minutes: number;
  /** Changes a second. */
  rate: number;
  /** Seconds from one fault to the next, at least. @default each once the stack has caught up with the one before */
  every?: number;
  seed: number;
  /** `cdc:coordination` of the stack. */
  coordination: Coordination;
  /** Whether the stack has `cdc:exactlyOnce`. @default false */
  exactlyOnce?: boolean;
  /** Whether it has three brokers and two workers. @default false */
  cluster?: boolean;
  /** Further settings of the stack. @default none */
  set?: Record<string, string>;
  /** Whether two different faults come at once. @default false */
  overlap?: boolean;
  /** The shell command that restarts the engine. @default none */
  engineRestart?: string;
  faults: readonly Fault[];
  /** The run ends after so many faults, if the time is not over before. */
  most?: number;
  /** What the stack is named after. @default "chaos" */
  purpose?: string;
}

const SETTLE_MS = 60_000;

export class Session {
  private readonly stop = new AbortController();
  private readonly start = performance.now();
  private readonly folder: string;
  private readonly under: StackUnderTest;

  constructor(
    private readonly options: SessionOptions,
    private readonly print: (line: string) => void,
  ) {
    const { purpose = "chaos", exactlyOnce = false, cluster = false, set = {}, engineRestart, faults } = options;
    this.folder = `dist/${purpose}`;
    const { coordination } = options;
    const disks = faults.find((fault) => fault.disks)?.disks;
    const kind = { purpose, coordination, exactlyOnce, cluster, set, disks, engineRestart };
    this.under = new StackUnderTest(kind, this.folder, this.stop.signal);
  }

  async run(): Promise<Results> {
    const { rate, seed, exactlyOnce = false } = this.options;
    const { under } = this;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    const faults = await this.possible();
    this.say(`seed ${seed}, ${rate} changes/s; bringing a stack up`);
    await under.up();
    const journal = new Journal(`${this.folder}/journal`);
    const writer = await Writer.start(under.database, journal, { rate, seed });
    const struck: Struck[] = [];
    const memory = new MemoryWatch(under.containers);
    const begin = Date.now();
    // A writer that fails ends the faults.
    const ended = await Promise.race([
      this.strikes(faults, writer, struck).then(
        () => null,
        (error: Error) => error.message,
      ),
      writer.ended.then(
        () => null,
        (error: Error) => `the writer: ${error.message}`,
      ),
    ]);
    const grown = await memory.stop();
    this.stop.signal.throwIfAborted();
    const minutes = (Date.now() - begin) / 60_000;
    const troubles: string[] = [];
    // The trouble is printed at once: the next step may fail for the same reason, and end the run.
    const trouble = (text: string): void => {
      troubles.push(text);
      this.say(text);
    };
    if (ended !== null) trouble(ended);
    this.say("the writer stops; what it wrote is compared with what arrived");
    const attempt = (work: Promise<void>) => work.catch((error: Error) => trouble(error.message));
    await attempt(this.finished(writer));
    journal.close();
    const reckoned = await this.reckoned(journal, struck).catch(async (error: Error) => {
      await under.saveLogs().catch((missing: Error) => this.say(missing.message));
      throw error;
    });
    const compared: TableResult[] = [];
    await attempt(this.verified().then((tables) => void compared.push(...tables)));
    const results: Results = {
      ...{
        machine: await machine(),
        seed,
        rate,
        exactlyOnce,
        minutes,
        faults: reckoned,
        doubts: writer.doubts,
        memory: grown,
      },
      ...{ troubles, verify: compared },
    };
    writeFileSync(`${this.folder}/results.json`, `${JSON.stringify(results, undefined, 2)}\n`);
    if (!isGood(results)) await under.saveLogs();
    return results;
  }

  /** Ends the run. `clear` then takes away what it started. */
  abort(reason: Error): void {
    this.stop.abort(reason);
  }

  /** Takes away whatever a run of this purpose left. */
  clear(): Promise<void> {
    return this.under.stack.remove();
  }

  /** The faults that can be done here. Others are left out with a message. @throws with the reason, when none is left */
  private async possible(): Promise<readonly Fault[]> {
    const { faults, set = {}, cluster = false, engineRestart } = this.options;
    const reasons = await Promise.all(faults.map(async (fault) => fault.refused?.({ set, cluster, engineRestart })));
    const left = faults.filter((_, index) => reasons[index] === undefined);
    const texts = faults.flatMap(({ name }, index) =>
      reasons[index] ? [`${name} cannot be done: ${reasons[index]}`] : [],
    );
    if (left.length === 0) throw new Error(texts.join("; "));
    for (const text of texts) this.say(text);
    return left;
  }

  private async strikes(faults: readonly Fault[], writer: Writer, struck: Struck[]): Promise<void> {
    const { minutes, seed, every = 0, overlap = false, most = Infinity } = this.options;
    const { under } = this;
    const { signal } = this.stop;
    const place = under.place(
      () => writer.writePoison(),
      () => struck.length,
    );
    const around = {
      place,
      feedUrl: under.feedUrl,
      doctor: () => under.doctor(),
      health: () => under.health(),
      losses: () => under.losses(),
      signal,
    };
    if (!(await caughtUp(under.feedUrl, Date.now(), SETTLE_MS, signal)))
      throw new Error(`the handler gets no changes of the stack that was just made: ${await under.doctor()}`);
    const end = Date.now() + minutes * 60_000;
    const plan = planOf(faults, seed);
    for (const planned of overlap ? faultPairs(plan) : plan) {
      if (struck.length >= most || Date.now() >= end) return;
      const due = (struck.at(-1)?.from ?? Date.now()) + every * 1000;
      await sleep(Math.max(planned.pauseMs, due - Date.now()), undefined, { signal });
      if (Date.now() >= end) return;
      const { fault, stroke } = planned;
      this.say([fault.name, stroke.target].filter(Boolean).join(": "));
      const done = await strike(planned, around);
      struck.push(done.lossy ? { ...done, unequal: await this.unequal() } : done);
    }
  }

  /** Ends the load, and waits until the handler has the last change of each table. */
  private async finished(writer: Writer): Promise<void> {
    const stopping = sleep(SETTLE_MS, undefined, { ref: false }).then(() =>
      Promise.reject(new Error("the writer's sessions do not end")),
    );
    await Promise.race([writer.stop(), stopping]);
    const marks = await writer.mark();
    const feed = new FeedClient(this.under.feedUrl, this.stop.signal);
    await Promise.all(
      marks.map(({ table, version }) =>
        poll<void>(
          async () => {
            const seen = await feed.changes({ table, limit: 1 }).then(
              ({ changes: [newest] }) => String(newest?.after?.["version"]),
              (error: Error) => error.message,
            );
            return seen === version ? { done: true, value: undefined } : { done: false, seen };
          },
          { what: `version ${version}, the last of ${table}, at the handler`, deadlineMs: SETTLE_MS },
        ),
      ),
    );
  }

  /** Tables that `verify` finds unequal to their topics, while the writer goes on. */
  private unequal(): Promise<string[]> {
    return this.verified().then(
      (tables) => tables.filter(({ ok }) => !ok).map(({ table }) => table),
      (error: Error) => [error.message],
    );
  }

  private verified(): Promise<TableResult[]> {
    return verify({ tables: [], timeoutMs: SETTLE_MS, stack: this.under.stack.name, json: false });
  }

  private async reckoned({ entries }: Journal, struck: readonly Struck[]): Promise<(Struck & Reckoning)[]> {
    const { under } = this;
    const handled = await under.notes.read();
    const [topics, deadLetters] = [
      [...under.kept.flat(), ...(await toldBy(under.broker, under.topics))],
      [...under.keptLetters.flat(), ...(await toldBy(under.broker, [under.deadLetterTopic]))],
    ];
    writeFileSync(`${this.folder}/topics`, topics.map(({ at, version }) => `${at} ${version}\n`).join(""));
    const windows = struck.map(({ from, healed }, index) => ({
      from,
      healed,
      to: struck[index + 1]?.from ?? Infinity,
    }));
    if (windows.length === 0) return [];
    const evidence = {
      journal: entries,
      topics,
      handled,
      deadLetters,
      windows,
    };
    return reckon(evidence).map((reckoning, index) => ({ ...struck[index]!, ...reckoning }));
  }

  private say(text: string): void {
    const seconds = (performance.now() - this.start) / 1000;
    this.print(`${seconds.toFixed(0).padStart(5)} s  ${text}`);
  }
}
