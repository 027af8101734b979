import { describe, expect, test } from "@jest/globals";
import { notPast, notStreaming } from "../../../../components/connector/verbs/wait";

describe("notPast", () => {
  const state = { exists: true, active: true, reader: "Debezium Streaming", pid: 7, caughtUp: true };
  test.each([
    ["had not failed", undefined, 500n, 0, undefined],
    ["has read it, and Kafka may still refuse it", 500n, 499n, 19_999, "not yet past what it failed on"],
    ["has it safe in Kafka", 500n, 500n, 0, undefined],
    ["works on a backlog", 500n, 499n, 20_000, undefined],
  ])("a task that %s", (_what, failedBefore, confirmed, steadyMs, seen) => {
    expect(notPast({ ...state, confirmed }, failedBefore, steadyMs)).toBe(seen);
  });
});

describe("notStreaming", () => {
  const state = { exists: true, active: true, reader: "Debezium Streaming", pid: 7, caughtUp: true, confirmed: 500n };
  test.each([
    ["no slot", { ...state, exists: false, active: false }, false, 9000, "no slot cdc yet"],
    [
      "one that is being made, which waits for others' transactions",
      { ...state, caughtUp: false, confirmed: undefined },
      false,
      9000,
      "slot cdc is being made",
    ],
    [
      "a snapshot",
      { ...state, active: false },
      false,
      9000,
      "slot cdc not read yet: a snapshot is under way, or the task restarts again and again",
    ],
    ["the old task", state, true, 9000, "slot cdc still read for the old task"],
    ["somebody else", { ...state, reader: "psql" }, false, 9000, "slot cdc is read by psql, not by Debezium"],
    [
      "a reader that may fail yet",
      { ...state, caughtUp: false },
      false,
      1999,
      "slot cdc has a reader that has not caught up yet",
    ],
    ["one that is at work on a backlog", { ...state, caughtUp: false }, false, 2000, undefined],
    ["one whose name the role may not see", { ...state, reader: "" }, false, 0, undefined],
    ["one that waits for changes", state, false, 0, undefined],
  ])("%s", (_what, now, old, steadyMs, seen) => {
    expect(notStreaming("cdc", now, old, steadyMs)).toBe(seen);
  });
});
