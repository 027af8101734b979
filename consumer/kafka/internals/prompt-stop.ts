/**
 * kafkajs 2.2.4 stops when the broker has answered the fetch under way, and without a change that is when the fetch's time is
 * up. Here a stop ends the wait at once, so a fetch may wait long. Records that its answer still brings are neither handled
 * nor committed: the partition's next reader gets them.
 */
import Runner from "kafkajs/src/consumer/runner";

const STOPPING = "stopping";

/** For all consumers of this process. Their connections may only be left to its end, since disconnecting waits as well. */
export function stopWithoutLastFetch(): void {
  const { fetch, stop } = Runner.prototype;
  Runner.prototype.fetch = function (nodeId) {
    return new Promise((resolve, reject) => {
      const abandon = () => resolve([]);
      this.once(STOPPING, abandon);
      void fetch
        .call(this, nodeId)
        .then(resolve, reject)
        .finally(() => this.off(STOPPING, abandon));
    });
  };
  Runner.prototype.stop = function () {
    this.emit(STOPPING);
    return stop.call(this);
  };
}
