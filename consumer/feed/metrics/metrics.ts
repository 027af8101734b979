/** The metrics that Prometheus can scrape at /metrics. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { DeliveryObserver } from "../../delivery/observer";
import { PartitionsBehind } from "./partitions-behind";
import { TableMetrics } from "./table-metrics";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  readonly observer: DeliveryObserver;
  group(joined: boolean): void;
  /** The group has decided which partitions are this process's. Those of others are no longer told. */
  assigned(isOurs: (topic: string, partition: number) => boolean): void;
  rebalance(): void;
  commitFailed(): void;
}

/** How often the event loop's lag is measured. prom-client's default of 10 ms would keep waking a process that has nothing to do. */
const EVENT_LOOP_EVERY_MS = 250;

/** `processMetrics` adds prom-client's own metrics of memory, CPU and the event loop. `clients` is the number of clients of `/events`. */
export function createMetrics(options: { processMetrics: boolean; clients: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.processMetrics) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_EVERY_MS });
  }
  new Gauge({
    name: "cdc_feed_clients",
    help: "Open connections to /events.",
    registers,
    collect() {
      this.set(options.clients());
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    ...deliveryMetrics(registers, new TableMetrics(registry)),
    ...groupMetrics(registers),
  };
}

/** Metrics of the delivery. Counters whose labels are known exist from the start, so that a rate over them sees the first increase. */
function deliveryMetrics(registers: Registry[], perTable: TableMetrics): Pick<Metrics, "observer" | "assigned"> {
  const batchSize = new Histogram({
    name: "cdc_batch_records",
    help: "Records delivered at once.",
    buckets: [1, 2, 5, 10, 50, 100, 500, 1000, 5000],
    registers,
  });
  const behind = new PartitionsBehind(registers);
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
  for (const kind of ["redelivered", "repeated"]) duplicates.inc({ kind }, 0);
  for (const kind of ["tombstone", "heartbeat"]) unprinted.inc({ kind }, 0);
  const observer: DeliveryObserver = {
    batch: (_topic, _partition, records) => batchSize.observe(records),
    batchDone: (topic, partition, done, highWatermark) => behind.batchDone(topic, partition, done, highWatermark),
    change(change, arrival) {
      perTable.change(change, arrival);
      if (arrival.duplicate) duplicates.inc({ kind: arrival.duplicate });
    },
    settled: () => undefined,
    unprinted: ({ op: kind }) => unprinted.inc({ kind }),
    retry: () => retries.inc(),
    deadLetter: (topic, stage) => deadLetters.inc({ topic, stage }),
  };
  return { observer, assigned: (isOurs) => behind.assigned(isOurs) };
}

/** Metrics of this process's place in its consumer group. */
function groupMetrics(registers: Registry[]): Pick<Metrics, "group" | "rebalance" | "commitFailed"> {
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
  return {
    group: (isJoined) => joined.set(isJoined ? 1 : 0),
    rebalance: () => rebalances.inc(),
    commitFailed: () => commitFailures.inc(),
  };
}
