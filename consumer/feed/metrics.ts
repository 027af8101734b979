/** What Prometheus can scrape at /metrics. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Op } from "../api";
import { Lag, registerLag } from "./lag-histogram";
import type { Observer } from "../delivery/observer";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  readonly observer: Observer;
  group(joined: boolean): void;
  rebalance(): void;
  commitFailed(): void;
}

/** From a fraction of what a change takes on a laptop to what a stopped pipeline shows. */
const LAG_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** How often the event loop's lag is looked at. By default every 10 ms, which wakes a process that has nothing to do. */
const EVENT_LOOP_EVERY_MS = 250;

/** Counted here and given to prom-client only when somebody asks, which is seldom; changes come all the time. */
interface OfTable {
  ops: Map<Op, number>;
  lag: Lag | undefined;
}

/** `processMetrics` adds prom-client's own on memory, CPU and the event loop. `clients` is how many read `/events`. */
export function createMetrics(options: { processMetrics: boolean; clients: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.processMetrics) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_EVERY_MS });
  }
  const tables = new Map<string, OfTable>();
  new Counter({
    name: "cdc_changes_total",
    help: "Changes the handler has finished, by table and operation.",
    labelNames: ["table", "op"],
    registers,
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
  const batchSize = new Histogram({
    name: "cdc_batch_records",
    help: "Records delivered at once.",
    buckets: [1, 2, 5, 10, 50, 100, 500, 1000, 5000],
    registers,
  });
  const behind = new Gauge({
    name: "cdc_partition_records_behind",
    help: "Records of the partition not done with when its last batch ended; each transaction's end counts as one.",
    labelNames: ["topic", "partition"],
    registers,
  });
  const duplicates = new Counter({
    name: "cdc_duplicates_total",
    help: "Changes that were here before: redelivered by Kafka, or repeated by the connector.",
    labelNames: ["kind"],
    registers,
  });
  const deadLetters = new Counter({
    name: "cdc_dead_letters_total",
    help: "Records sent to the dead-letter topic, by topic and by what failed.",
    labelNames: ["topic", "stage"],
    registers,
  });
  const retries = new Counter({
    name: "cdc_handler_retries_total",
    help: "Attempts of the handler that failed and were followed by another.",
    registers,
  });
  const unprinted = new Counter({
    name: "cdc_unprinted_records_total",
    help: "Tombstones and heartbeats, which are no changes.",
    labelNames: ["kind"],
    registers,
  });
  const joined = new Gauge({
    name: "cdc_consumer_group_joined",
    help: "1 while this consumer is a member of its group, else 0.",
    registers,
  });
  const rebalances = new Counter({
    name: "cdc_consumer_group_rebalances_total",
    help: "Times that this consumer has joined its group again.",
    registers,
  });
  const commitFailures = new Counter({
    name: "cdc_commit_failures_total",
    help: "Commits of offsets that failed; each is tried again.",
    registers,
  });
  new Gauge({
    name: "cdc_feed_clients",
    help: "Open connections to /events.",
    registers,
    collect() {
      this.set(options.clients());
    },
  });
  // The counters are there from the start, so that a rate over them sees the first increase.
  for (const kind of ["redelivered", "repeated"]) duplicates.inc({ kind }, 0);
  for (const kind of ["tombstone", "heartbeat"]) unprinted.inc({ kind }, 0);

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observer: {
      batch: (_topic, _partition, records) => batchSize.observe(records),
      batchDone(topic, partition, done, highWatermark) {
        if (done !== undefined) behind.set({ topic, partition }, Math.max(0, Number(highWatermark) - 1 - Number(done)));
      },
      change(change, arrival) {
        let table = tables.get(change.table);
        if (table === undefined) tables.set(change.table, (table = { ops: new Map(), lag: undefined }));
        table.ops.set(change.op, (table.ops.get(change.op) ?? 0) + 1);
        if (arrival.lagMs !== null) (table.lag ??= new Lag(LAG_SECONDS)).observe(Math.max(0, arrival.lagMs / 1000));
        if (arrival.duplicate) duplicates.inc({ kind: arrival.duplicate });
      },
      settled: () => undefined,
      unprinted: ({ op: kind }) => unprinted.inc({ kind }),
      retry: () => retries.inc(),
      deadLetter: (topic, stage) => deadLetters.inc({ topic, stage }),
    },
    group: (isJoined) => joined.set(isJoined ? 1 : 0),
    rebalance: () => rebalances.inc(),
    commitFailed: () => commitFailures.inc(),
  };
}
