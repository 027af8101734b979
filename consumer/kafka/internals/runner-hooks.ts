/** Calls of the stream at moments of kafkajs 2.2.4's runner for which kafkajs's interface has no event. */
import Runner, { type ConsumerGroup, type EachBatch } from "kafkajs/src/consumer/runner";

export interface RunnerHooks {
  /** Before each fetch, with the group as it is joined now. */
  fetching(group: ConsumerGroup): void;
  /** The coordinator has refused a heartbeat. The group is joined again when the promise resolves. */
  heartbeatRefused(error: { type?: string }): Promise<void>;
}

const hooksOf = new WeakMap<EachBatch, RunnerHooks>();

/** Sets the hooks of the consumers that run this `eachBatch`. */
export function hookRunners(eachBatch: EachBatch, hooks: RunnerHooks): void {
  hooksOf.set(eachBatch, hooks);
}

/** Changes all consumers of this process. Those without hooks run as before. */
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
