import { describe, expect, test } from "@jest/globals";
import * as kafkajs from "kafkajs";
import { FewTries, mayPass } from "../../../consumer/kafka/passing-errors";

type ErrorClass = new (about: unknown, details?: object) => Error;

/** An error of kafkajs's own. The types of its constructors differ from what they take. */
function error(name: string, about: unknown, details: object = {}): Error {
  return new (kafkajs as unknown as Record<string, ErrorClass>)[name]!(about, details);
}

const ofProtocol = (type: string, code: number, retriable: boolean): Error =>
  error("KafkaJSProtocolError", Object.assign(new Error(type), { type, code, retriable }));
const rebalancing = ofProtocol("REBALANCE_IN_PROGRESS", 27, true);

describe("passes by itself:", () => {
  test.each<[string, Error]>([
    ["a connection that was closed", error("KafkaJSConnectionClosedError", "Closed connection")],
    ["an answer that did not come", error("KafkaJSRequestTimeoutError", "Request Metadata timed out")],
    // kafkajs calls this error final, and also gives it when the broker that it asks goes away.
    ["a coordinator that was not found", error("KafkaJSGroupCoordinatorNotFound", "Failed to find group coordinator")],
    ["a lock that took too long", error("KafkaJSLockTimeout", "Timeout while acquiring lock")],
    ["what was tried often", error("KafkaJSNumberOfRetriesExceeded", rebalancing, { retryCount: 60 })],
    ["what the broker says is for a moment", rebalancing],
    ["an error with such a cause", Object.assign(new Error("joining"), { cause: rebalancing })],
  ])("%s", (_, passing) => expect(mayPass(passing)).toBe(true));
});

describe("does not:", () => {
  test.each<[string, unknown]>([
    ["a wrong password", error("KafkaJSSASLAuthenticationError", "Authentication failed")],
    ["a record of no known form", error("KafkaJSUnsupportedMagicByteInMessageSet", "Unsupported magic byte")],
    ["what the broker refuses", ofProtocol("GROUP_AUTHORIZATION_FAILED", 30, false)],
    ["what kafkajs calls final", error("KafkaJSNonRetriableError", "no")],
    ["an error in the program", new TypeError("undefined is not a function")],
    ["no error at all", undefined],
  ])("%s", (_, lasting) => expect(mayPass(lasting)).toBe(false));
});

describe("what does not say that it passes", () => {
  const notConnected = new Error("Broker not connected");

  test("is tried three times, and again after a minute without errors", () => {
    let now = 0;
    const tries = new FewTries(() => now);
    const asked = [1, 2, 3, 4].map(() => ((now += 5_000), tries.next(notConnected)));
    expect(asked).toEqual([1, 2, 3, null]);
    now += 60_001;
    expect(tries.next(notConnected)).toBe(1);
  });

  test("is not tried when it is a wrong password, also as the cause of another error", () => {
    const wrong = error("KafkaJSSASLAuthenticationError", "Authentication failed");
    const tries = new FewTries(() => 0);
    expect(tries.next(wrong)).toBeNull();
    expect(tries.next(error("KafkaJSNonRetriableError", wrong, { cause: wrong }))).toBeNull();
    expect(tries.next(notConnected)).toBe(1);
  });
});
