/** What the stream has to know and to say while kafkajs 2.2.4's runner fetches, and which its interface does not offer. */
import Runner, { type ConsumerGroup, type EachBatch } from "kafkajs/src/consumer/runner";

export interface RunnerHooks {
  /** Before each fetch, with the group as it is joined now. */
  fetching(group: ConsumerGroup): void;
  /** The coordinator did not take a heartbeat; what resolves then is waited for before the group is joined again. */
  heartbeatRefused(error: { type?: string }): Promise<void>;
}

const hooksOf = new WeakMap<EachBatch, RunnerHooks>();

/** Of the consumers that run this `eachBatch`. */
export function hookRunners(eachBatch: EachBatch, hooks: RunnerHooks): void {
  hooksOf.set(eachBatch, hooks);
}

/** For all consumers of this process; those without hooks run as they did. */
export function makeRunnersHookable(): void {
  const { fetch, heartbeat } = Runner.prototype;
  Runner.prototype.fetch = function (nodeId) {
    hooksOf.get(this.eachBatch)?.fetching(this.consumerGroup);
    return fetch.call(this, nodeId);
  };
  Runner.prototype.heartbeat = async function () {
    try {
      await heartbeat.call(this);
    } catch (error) {
      await hooksOf.get(this.eachBatch)?.heartbeatRefused(error as { type?: string });
      throw error;
    }
  };
}
