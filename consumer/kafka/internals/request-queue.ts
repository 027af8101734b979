/**
 * Each connection of kafkajs 2.2.4 runs two timers for as long as it lives. The first looks every millisecond whether
 * waiting requests may be sent. The second looks every 100 ms whether a request has gone unanswered for half a minute. The
 * first alone was more than half of a quiet consumer's CPU time. Here the first runs only while requests wait, and the
 * second once a second.
 */
import RequestQueue from "kafkajs/src/network/requestQueue";

const TIMEOUTS_CHECKED_EVERY_MS = 1000;

let quiet = false;

/** Makes all connections that are opened from now on quiet. */
export function quietRequestQueues(): void {
  if (quiet) return;
  quiet = true;
  const theirs = RequestQueue.prototype.scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) theirs.call(this);
  };
  RequestQueue.prototype.scheduleRequestTimeoutCheck = function () {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(
      () => {
        for (const request of this.inflight.values()) {
          if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
        }
        if (!this.isConnected()) this.destroy();
      },
      Math.min(this.requestTimeout, TIMEOUTS_CHECKED_EVERY_MS),
    );
  };
}
