/** Calls of the stream at moments of kafkajs 2.2.4's runner for which kafkajs's interface has no event. */
import Group from "kafkajs/src/consumer/consumerGroup";
import Runner, {
  type CommittedOffsets,
  type ConsumerGroup,
  type EachBatch,
  type OffsetManager,
} from "kafkajs/src/consumer/runner";

export interface RunnerHooks {
  /** Before each fetch. */
  fetching(group: ConsumerGroup): void;
  /** After each join, before its first fetch, with the offsets at which that begins. */
  begins(group: ConsumerGroup, committed: CommittedOffsets): void;
  /** The coordinator has refused a heartbeat. The group is joined again when the promise resolves. */
  heartbeatRefused(error: { type?: string }): Promise<void>;
}

const hooksOf = new WeakMap<EachBatch, RunnerHooks>();
const hooksOfGroups = new WeakMap<ConsumerGroup, RunnerHooks>();
/** The memberships that have begun to fetch. */
const begun = new WeakSet<OffsetManager>();
/** The membership in which a batch was fetched. */
const fetchedIn = new WeakMap<object, OffsetManager | undefined>();

/** Sets the hooks of the consumers that run this `eachBatch`. */
export function hookRunners(eachBatch: EachBatch, hooks: RunnerHooks): void {
  hooksOf.set(eachBatch, hooks);
}

/** Changes all consumers of this process. Those without hooks run as before. */
export function makeRunnersHookable(): void {
  const { fetch, handleBatch, heartbeat } = Runner.prototype;
  Runner.prototype.fetch = async function (nodeId) {
    const { consumerGroup } = this;
    const hooks = hooksOf.get(this.eachBatch);
    if (hooks === undefined) return fetch.call(this, nodeId);
    hooksOfGroups.set(consumerGroup, hooks);
    hooks.fetching(consumerGroup);
    const membership = consumerGroup.offsetManager;
    const batches = await fetch.call(this, nodeId);
    for (const batch of batches) fetchedIn.set(batch, membership);
    return batches;
  };
  // With several brokers, one fetch may make the group be joined again while batches of another one wait. kafkajs would go on behind
  // those, wherever the new membership begins.
  Runner.prototype.handleBatch = async function (batch) {
    if (fetchedIn.has(batch) && fetchedIn.get(batch) !== this.consumerGroup.offsetManager) return;
    return handleBatch.call(this, batch);
  };
  Runner.prototype.heartbeat = async function () {
    try {
      await heartbeat.call(this);
    } catch (error) {
      await hooksOf.get(this.eachBatch)?.heartbeatRefused(error as { type?: string });
      throw error;
    }
  };
  const { seekOffsets } = Group.prototype;
  Group.prototype.seekOffsets = async function (partitions) {
    const membership = this.offsetManager;
    await seekOffsets.call(this, partitions);
    if (membership === undefined || membership !== this.offsetManager || begun.has(membership)) return;
    begun.add(membership);
    hooksOfGroups.get(this)?.begins(this, membership.committedOffsets());
  };
}
