/**
 * kafkajs 2.2.4 stops only when the broker has answered the fetch under way. Without changes, the broker answers when the
 * fetch's longest wait is over. Here a stop ends the wait at once, so a fetch may wait long. Records that the answer still
 * brings are neither handled nor committed. The partition's next reader gets them.
 */
import Runner from "kafkajs/src/consumer/runner";

const STOPPING = "stopping";

/** Changes all consumers of this process. Do not disconnect them, which would wait for the answer too: the process's end does it. */
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
