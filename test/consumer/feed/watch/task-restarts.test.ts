import { expect, test } from "@jest/globals";
import { passes, TaskRestarts } from "../../../../consumer/feed/watch/task-restarts";

const AWAY =
  "org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback\n\tat x\n" +
  "Caused by: org.apache.kafka.common.errors.TimeoutException: Expiring 1 record(s) for t-0:120000 ms has passed since batch creation";

test.each<[string, boolean]>([
  [AWAY, true],
  ["java.net.ConnectException: Connection refused", true],
  ["org.postgresql.util.PSQLException: FATAL: terminating connection due to administrator command", true],
  ['org.postgresql.util.PSQLException: ERROR: replication slot "s" does not exist', false],
  ["Unrecoverable exception from producer send callback\nCaused by: RecordTooLargeException: 17 MB", false],
  ["org.x.ConnectException: Could not read column", false],
  ["java.lang.OutOfMemoryError: Java heap space", false],
])("%s: is it worth another try? %s", (trace, expected) => {
  expect(passes(trace)).toBe(expected);
});

test("it is restarted after 5 s, 10 s, 20 s, and after two minutes of running the pauses begin at 5 s again", () => {
  let now = 0;
  const said: string[] = [];
  const restarts = new TaskRestarts(
    () => now,
    (sentence) => said.push(sentence),
  );
  /** Seconds until the task is restarted. */
  const wait = (): number => {
    const from = now;
    while (!restarts.observe(AWAY)) now += 1000;
    return (now - from) / 1000;
  };
  expect([wait(), wait(), wait()]).toEqual([5, 10, 20]);
  expect(said[2]).toBe(
    "the connector failed, and is started again (3): TimeoutException: Expiring 1 record(s) for t-0:120000 ms has passed since batch creation",
  );
  now += 119_000;
  expect(restarts.observe(undefined)).toBe(false);
  expect(wait()).toBe(40);
  now += 120_000;
  restarts.observe(undefined);
  expect(wait()).toBe(5);
});

test("what would fail again is left", () => {
  const restarts = new TaskRestarts(
    () => 1e9,
    () => undefined,
  );
  expect(restarts.observe("X: replication slot s does not exist")).toBe(false);
});
