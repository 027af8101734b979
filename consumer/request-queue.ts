/**
 * kafkajs 2.2.4 looks every millisecond, for as long as a connection lives, whether requests that wait may be sent, also
 * where none waits: more than half of what a quiet consumer costs. A request that has to wait asks for such a look itself.
 */
import RequestQueue from "kafkajs/src/network/requestQueue";

/** Makes kafkajs look only where something waits. */
export function lookOnlyWhenRequestsWait(): void {
  const theirs = RequestQueue.prototype.scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) theirs.call(this);
  };
}
