/** Counts since the start, and rate and lag over the last second, for the feed's `totals`. */
import type { Op, TotalsJson } from "../api";
import type { DeliveryObserver } from "../delivery/observer";

/** Lags kept for a second. Beyond that number a random one is replaced, which leaves a fair sample. */
const SAMPLE = 2048;

export class Totals {
  readonly observer: DeliveryObserver;
  private total = 0;
  private readonly tables = new Map<string, Map<Op, number>>();
  private readonly duplicates = { redelivered: 0, repeated: 0 };
  private deadLetters = 0;
  private second = { changes: 0, lags: 0, max: -Infinity };
  private readonly sample = new Float64Array(SAMPLE);
  private lastSecond: Pick<TotalsJson, "ratePerSecond" | "lagMs"> = { ratePerSecond: 0, lagMs: null };
  private changed = false;

  constructor(private readonly epoch: string) {
    this.observer = {
      batch: () => undefined,
      batchDone: () => undefined,
      settled: () => undefined,
      unprinted: () => undefined,
      retry: () => undefined,
      deadLetter: () => {
        this.deadLetters++;
        this.changed = true;
      },
      change: (change, arrival) => {
        this.count(change.table, change.op);
        if (arrival.lagMs !== null) this.lag(arrival.lagMs);
        if (arrival.duplicate) this.duplicates[arrival.duplicate]++;
      },
    };
  }

  private count(table: string, op: Op): void {
    this.total++;
    this.second.changes++;
    this.changed = true;
    let ops = this.tables.get(table);
    if (ops === undefined) this.tables.set(table, (ops = new Map()));
    ops.set(op, (ops.get(op) ?? 0) + 1);
  }

  private lag(ms: number): void {
    const { second } = this;
    const seen = second.lags++;
    const at = seen < SAMPLE ? seen : Math.floor(Math.random() * (seen + 1));
    if (at < SAMPLE) this.sample[at] = ms;
    if (ms > second.max) second.max = ms;
  }

  /** Call this `elapsedMs` after the last call. @returns whether the totals have changed */
  tick(elapsedMs: number): boolean {
    const { second } = this;
    const wasQuiet = this.lastSecond.ratePerSecond === 0;
    this.lastSecond = {
      ratePerSecond: Math.round((second.changes * 1000) / elapsedMs),
      lagMs: second.lags === 0 ? null : this.percentiles(second.lags, second.max),
    };
    const news = this.changed || !wasQuiet;
    this.second = { changes: 0, lags: 0, max: -Infinity };
    this.changed = false;
    return news;
  }

  private percentiles(lags: number, max: number): NonNullable<TotalsJson["lagMs"]> {
    const sorted = this.sample.slice(0, Math.min(lags, SAMPLE)).sort();
    const at = (fraction: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))]!;
    return { p50: at(0.5), p99: at(0.99), max };
  }

  /** @param sampled changes that were left out for this client */
  json(sampled: number): TotalsJson {
    const tables: TotalsJson["tables"] = {};
    for (const [table, ops] of this.tables) tables[table] = Object.fromEntries(ops);
    const { epoch, total, deadLetters, lastSecond } = this;
    return { epoch, total, tables, ...lastSecond, duplicates: { ...this.duplicates }, deadLetters, sampled };
  }
}
