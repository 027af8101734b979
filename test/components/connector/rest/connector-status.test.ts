import { describe, expect, test } from "@jest/globals";
import {
  describe as inWords,
  failures,
  judge,
  overallState,
  tasksOf,
} from "../../../../components/connector/rest/connector-status";
import type { ConnectorStatus, DesiredState } from "../../../../components/connector/connector-types";

function status(connector: string, ...tasks: string[]): ConnectorStatus {
  return { connector: { state: connector }, tasks: tasks.map((state, id) => ({ id, state, trace: `trace ${id}` })) };
}

describe("a status means", () => {
  test.each<[DesiredState, ConnectorStatus | undefined, string]>([
    ["RUNNING", undefined, "waiting"],
    ["RUNNING", status("RUNNING"), "waiting"],
    ["RUNNING", status("RUNNING", "UNASSIGNED"), "waiting"],
    ["RUNNING", status("RUNNING", "RUNNING", "RESTARTING"), "waiting"],
    ["RUNNING", status("RUNNING", "RUNNING"), "ready"],
    ["RUNNING", status("RUNNING", "FAILED"), "failed"],
    ["RUNNING", status("FAILED"), "failed"],
    ["RUNNING", status("PAUSED", "PAUSED"), "waiting"],
    ["PAUSED", status("PAUSED", "RUNNING"), "waiting"],
    ["PAUSED", status("PAUSED", "PAUSED"), "ready"],
    ["PAUSED", status("PAUSED"), "ready"],
    ["STOPPED", status("STOPPED", "RUNNING"), "waiting"],
    ["STOPPED", status("STOPPED", "FAILED"), "waiting"],
    ["STOPPED", status("STOPPED"), "ready"],
  ])("for %s: %j is %s", (desired, seen, verdict) => {
    expect(judge(seen, desired).is).toBe(verdict);
  });
});

test("a failed connector is named before its tasks", () => {
  expect(failures(status("FAILED", "RUNNING", "FAILED")).map(({ what }) => what)).toEqual(["the connector", "task 1"]);
});

test("the outputs leave out what changes with each restart of a worker", () => {
  const tasks = [
    { id: 1, state: "RUNNING", worker_id: "172.18.0.5:8083" },
    { id: 0, state: "FAILED", trace: "long" },
  ];
  const seen = { connector: { state: "RUNNING" }, tasks };
  expect(tasksOf(seen)).toEqual([
    { id: 0, state: "FAILED" },
    { id: 1, state: "RUNNING" },
  ]);
  expect(overallState(seen)).toBe("FAILED");
  expect(inWords(seen)).toBe("connector RUNNING, task 1 RUNNING, task 0 FAILED");
});
