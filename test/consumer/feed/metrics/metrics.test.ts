import { describe, expect, test } from "@jest/globals";
import type { Change } from "../../../../consumer/change/change-event";
import { createMetrics } from "../../../../consumer/feed/metrics/metrics";
import { readExposition } from "../../exposition";

function busy() {
  const metrics = createMetrics({ processMetrics: false, clients: () => 3 });
  const change = (table: string, op: string) => ({ table, op }) as Change;
  const { observer } = metrics;
  observer.batch("t", 0, 3);
  observer.change(change("public.customers", "create"), { id: 1, lagMs: 5.3 }, "");
  observer.change(change("public.customers", "create"), { id: 2, lagMs: 900, duplicate: "redelivered" }, "");
  observer.change(change('odd "name"\n\\', "snapshot"), { id: 3, lagMs: null }, "");
  observer.batchDone("t", 0, "6", "10");
  observer.unprinted({ op: "tombstone", key: null, topic: "t", partition: 0, offset: "0" });
  observer.retry();
  observer.deadLetter("t", "read");
  metrics.group(true);
  metrics.rebalance();
  return metrics;
}

describe("/metrics", () => {
  test("follow the text format and Prometheus' rules for names, also before the first change", async () => {
    const idle = createMetrics({ processMetrics: false, clients: () => 0 });
    for (const metrics of [busy(), idle]) readExposition(await metrics.text());
    expect(idle.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  test("say what happened", async () => {
    const families = readExposition(await busy().text());
    const value = (name: string, labels: object = {}) =>
      families
        .get(name.replace(/_(count|sum)$/, ""))
        ?.samples.find((s) => s.name === name && JSON.stringify(s.labels) === JSON.stringify(labels))?.value;
    expect(value("cdc_changes_total", { table: "public.customers", op: "create" })).toBe(2);
    expect(value("cdc_changes_total", { table: 'odd \\"name\\"\\n\\\\', op: "snapshot" })).toBe(1);
    expect(value("cdc_lag_seconds_count", { table: "public.customers" })).toBe(2);
    expect(value("cdc_lag_seconds_sum", { table: "public.customers" })).toBeCloseTo(0.9053);
    expect(value("cdc_batch_records_sum")).toBe(3);
    expect(value("cdc_duplicates_total", { kind: "redelivered" })).toBe(1);
    expect(value("cdc_duplicates_total", { kind: "repeated" })).toBe(0);
    expect(value("cdc_dead_letters_total", { topic: "t", stage: "read" })).toBe(1);
    expect(value("cdc_handler_retries_total")).toBe(1);
    expect(value("cdc_unprinted_records_total", { kind: "tombstone" })).toBe(1);
    expect(value("cdc_partition_records_behind", { topic: "t", partition: "0" })).toBe(3);
    expect(value("cdc_consumer_group_joined")).toBe(1);
    expect(value("cdc_consumer_group_rebalances_total")).toBe(1);
    expect(value("cdc_feed_clients")).toBe(3);
  });
});

test("how far a partition is behind is told by the member that has it, not by those that had it", async () => {
  const metrics = createMetrics({ processMetrics: false, clients: () => 0 });
  const told = async () =>
    readExposition(await metrics.text())
      .get("cdc_partition_records_behind")!
      .samples.map(({ labels }) => labels["partition"]);
  metrics.assigned(() => true);
  for (const partition of [0, 1]) metrics.observer.batchDone("t", partition, "6", "10");
  expect(await told()).toEqual(["0", "1"]);
  metrics.assigned((_topic, partition) => partition === 1);
  // A change that was at hand when its partition went.
  metrics.observer.batchDone("t", 0, "7", "10");
  expect(await told()).toEqual(["1"]);
  metrics.assigned(() => true);
  metrics.observer.batchDone("t", 0, "8", "10");
  expect(await told()).toEqual(["1", "0"]);
});

describe("the test's own reader of the format", () => {
  const head = "# HELP a_total A.\n# TYPE a_total counter\n";
  test.each([
    ["no line end", `${head}a_total 1`],
    ["no help", "# TYPE a_total counter\na_total 1\n"],
    ["a sample of another family", `${head}b_total 1\n`],
    ["a broken label", `${head}a_total{x="1} 1\n`],
    ["a raw line end in a label", `${head}a_total{x="1\n2"} 1\n`],
    ["twice the same series", `${head}a_total{x="1"} 1\na_total{x="1"} 2\n`],
    ["no number", `${head}a_total one\n`],
    ["a counter without _total", "# HELP a A.\n# TYPE a counter\na 1\n"],
    ["no +Inf bucket", '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n'],
    [
      "not cumulative",
      '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    ],
  ])("refuses %s", (_what, text) => {
    expect(() => readExposition(text)).toThrow();
  });

  test("accepts what is right", () => {
    expect(readExposition(`${head}a_total{x="1",y="\\n"} 1\n`).get("a_total")?.samples).toHaveLength(1);
  });
});
