/** A Prometheus histogram by table, for a hundred thousand observations a second. prom-client's own looks up its labels at each one. */
import type { Metric, Registry } from "prom-client";

export interface LagOptions {
  name: string;
  help: string;
  /** Upper bounds of the buckets in seconds, growing. */
  buckets: readonly number[];
}

interface Sample {
  metricName: string;
  labels: { [name: string]: string | number };
  value: number;
}

/** The histogram of one table. */
export class Lag {
  /** Observations by bucket. The last bucket is for those beyond all bounds. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(seconds: number): void {
    let at = 0;
    while (at < this.bounds.length && seconds > this.bounds[at]!) at++;
    this.counts[at]!++;
    this.sum += seconds;
  }
}

/** Registers the histogram. @param tables gives the tables' names and histograms when Prometheus asks */
export function registerLag(registry: Registry, options: LagOptions, tables: () => Iterable<[string, Lag]>): void {
  const { name, help, buckets } = options;
  const get = () => Promise.resolve({ name, help, type: "histogram", aggregator: "sum", values: samples() });
  const samples = (): Sample[] => {
    const found: Sample[] = [];
    for (const [table, lag] of tables()) {
      let count = 0;
      buckets.forEach((le, at) => {
        count += lag.counts[at]!;
        found.push({ metricName: `${name}_bucket`, labels: { le, table }, value: count });
      });
      count += lag.counts[buckets.length]!;
      found.push({ metricName: `${name}_bucket`, labels: { le: "+Inf", table }, value: count });
      found.push({ metricName: `${name}_sum`, labels: { table }, value: lag.sum });
      found.push({ metricName: `${name}_count`, labels: { table }, value: count });
    }
    return found;
  };
  // The registry uses no other member of a metric.
  registry.registerMetric({ name, get } as unknown as Metric);
}
