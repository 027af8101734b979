/** A Prometheus histogram by table, for what is observed a hundred thousand times a second: prom-client's own looks its labels up each time. */
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

/** One table's part of it. */
export class Lag {
  /** The last one is beyond all bounds. */
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

/** Registers it. `tables` gives the table's names and parts when it is asked for. */
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
  // All that the registry asks of a metric.
  registry.registerMetric({ name, get } as unknown as Metric);
}
