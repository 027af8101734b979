/** Changes and their lag by table. They are counted here, and given to prom-client only when somebody asks for the metrics, which is seldom. */
import { Counter, type Registry } from "prom-client";
import type { Op } from "../../api";
import type { Change } from "../../change/change-event";
import type { Observation } from "../../change/change-json";
import { Lag, registerLag } from "./lag-histogram";

/** Bounds from a fraction of a change's lag on a laptop to that of a stopped pipeline. */
const LAG_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

interface OfTable {
  ops: Map<Op, number>;
  /** Undefined before the first change that is no snapshot row. */
  lag: Lag | undefined;
}

export class TableMetrics {
  private readonly tables = new Map<string, OfTable>();

  constructor(registry: Registry) {
    const { tables } = this;
    new Counter({
      name: "cdc_changes_total",
      help: "Changes the handler has finished, by table and operation.",
      labelNames: ["table", "op"],
      registers: [registry],
      collect() {
        this.reset();
        for (const [table, { ops }] of tables) for (const [op, count] of ops) this.inc({ table, op }, count);
      },
    });
    const lag = {
      name: "cdc_lag_seconds",
      help: "Time from the commit in the database to the handler. Snapshot rows have none.",
      buckets: LAG_SECONDS,
    };
    registerLag(registry, lag, () => [...tables].flatMap(([table, { lag }]) => (lag ? [[table, lag] as const] : [])));
  }

  change({ table, op }: Pick<Change, "op" | "table">, { lagMs }: Observation): void {
    let counted = this.tables.get(table);
    if (counted === undefined) this.tables.set(table, (counted = { ops: new Map(), lag: undefined }));
    counted.ops.set(op, (counted.ops.get(op) ?? 0) + 1);
    if (lagMs !== null) (counted.lag ??= new Lag(LAG_SECONDS)).observe(Math.max(0, lagMs / 1000));
  }
}
