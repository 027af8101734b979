import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import RequestQueue from "kafkajs/src/network/requestQueue";
import { lookOnlyWhenRequestsWait } from "../../consumer/request-queue";

lookOnlyWhenRequestsWait();

let queue: RequestQueue;
beforeEach(() => {
  jest.useFakeTimers();
  const logger = { debug: () => undefined };
  queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1000, clientId: "a", broker: "b", logger });
});
afterEach(() => {
  queue.destroy();
  jest.useRealTimers();
});

test("a queue in which nothing waits sets no timer", () => {
  queue.checkPendingRequests();
  expect(jest.getTimerCount()).toBe(0);
});

test("a request that has to wait for a throttle to end is sent when it has ended", () => {
  const sendRequest = jest.fn();
  queue.maybeThrottle(500);
  queue.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest });
  jest.advanceTimersByTime(490);
  expect(sendRequest).not.toHaveBeenCalled();
  jest.advanceTimersByTime(20);
  expect(sendRequest).toHaveBeenCalledTimes(1);
});
