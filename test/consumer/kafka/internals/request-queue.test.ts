import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import RequestQueue from "kafkajs/src/network/requestQueue";
import { quietRequestQueues } from "../../../../consumer/kafka/internals/request-queue";

quietRequestQueues();

let queue: RequestQueue;
let connected = true;
beforeEach(() => {
  jest.useFakeTimers();
  connected = true;
  queue = new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 5000,
    clientId: "a",
    broker: "b",
    logger: { debug: () => undefined },
    enforceRequestTimeout: true,
    isConnected: () => connected,
  });
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

test("a request without an answer ends when its time is up, seen within a second", () => {
  const reject = jest.fn<(error: Error) => void>();
  queue.scheduleRequestTimeoutCheck();
  queue.push({ entry: { correlationId: 1, reject }, expectResponse: true, sendRequest: () => undefined });
  jest.advanceTimersByTime(5000);
  expect(reject).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1000);
  expect(reject).toHaveBeenCalledTimes(1);
  expect(reject.mock.calls[0]![0].name).toBe("KafkaJSRequestTimeoutError");
});

test("a connection is looked at once a second, and no more once it is closed", () => {
  const looks = jest.spyOn(queue, "destroy");
  queue.scheduleRequestTimeoutCheck();
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(3000);
  expect(looks).toHaveBeenCalledTimes(1);
  connected = false;
  jest.advanceTimersByTime(1000);
  expect(jest.getTimerCount()).toBe(0);
});
