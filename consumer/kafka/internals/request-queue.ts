/**
 * Each connection of kafkajs 2.2.4 keeps two clocks for as long as it lives: every millisecond it looks whether requests
 * that wait may be sent, every 100 ms whether one has gone unanswered for half a minute. The first alone was more than
 * half of what a quiet consumer costs. Here the first runs only where something waits, the second once a second.
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
