import { Gauge, type Registry } from "prom-client";

/** How far this process is behind in each of its partitions. What it says of a partition ends when that goes to another member of the group. */
export class PartitionsBehind {
  private readonly gauge: Gauge<"topic" | "partition">;
  private readonly told = new Map<string, { topic: string; partition: number }>();
  private isOurs: (topic: string, partition: number) => boolean = () => true;

  constructor(registers: Registry[]) {
    this.gauge = new Gauge({
      name: "cdc_partition_records_behind",
      help: "Records of the partition not done with when its last batch ended; each transaction's end counts as one.",
      labelNames: ["topic", "partition"],
      registers,
    });
  }

  /** As in `DeliveryObserver`. The batch may end when its partition is another member's already. */
  batchDone(topic: string, partition: number, done: string | undefined, highWatermark: string): void {
    if (done === undefined || !this.isOurs(topic, partition)) return;
    this.told.set(`${topic}/${partition}`, { topic, partition });
    this.gauge.set({ topic, partition }, Math.max(0, Number(highWatermark) - 1 - Number(done)));
  }

  assigned(isOurs: (topic: string, partition: number) => boolean): void {
    this.isOurs = isOurs;
    for (const [name, { topic, partition }] of this.told) {
      if (isOurs(topic, partition)) continue;
      this.told.delete(name);
      this.gauge.remove({ topic, partition });
    }
  }
}
