import { describe, expect, test } from "@jest/globals";
import type { Notification } from "../../components/connector/notifications";
import { isUnderWay, snapshotVerdict } from "../../components/connector/snapshot-verdict";

const blocking = (type: string, more: Partial<Notification> = {}): Notification => ({
  id: "some",
  kind: "blocking",
  type,
  ...more,
});
const beside = (type: string, more: Partial<Notification> = {}): Notification => ({
  id: "cdc-1",
  kind: "incremental",
  type,
  ...more,
});
const scan = { table: "public.orders", rows: 3, status: "SUCCEEDED" };

describe("a table that is read while the stream waits", () => {
  const verdict = (told: Notification[], since = 0) =>
    snapshotVerdict({ table: "public.orders", type: "blocking", id: "cdc-1", since }, told);

  test("is read once its scan has ended well", () => {
    expect(verdict([blocking("STARTED"), blocking("IN_PROGRESS")])).toEqual({ is: "waiting" });
    expect(verdict([blocking("STARTED"), blocking("TABLE_SCAN_COMPLETED", scan)])).toEqual({
      is: "read",
      rows: 3,
      whole: true,
    });
  });

  test("what was told before it was asked for is not about it", () => {
    expect(verdict([blocking("STARTED"), blocking("TABLE_SCAN_COMPLETED", scan)], 2)).toEqual({ is: "waiting" });
  });

  test("a scan of another table, or beside the stream, is not its own", () => {
    const other = { ...scan, table: "sales.public.orders" };
    expect(verdict([blocking("TABLE_SCAN_COMPLETED", other), beside("TABLE_SCAN_COMPLETED", scan)])).toEqual({
      is: "waiting",
    });
  });

  test("is forgotten by a task that starts anew in the middle of it, not by one that starts before it", () => {
    expect(verdict([blocking("SKIPPED")])).toEqual({ is: "waiting" });
    expect(verdict([blocking("STARTED"), blocking("SKIPPED")])).toEqual({ is: "forgotten" });
  });

  test.each([
    ["ABORTED", "Debezium gave it up"],
    ["COMPLETED", "Debezium found no such table"],
  ])("has failed when the snapshot ends with %s and without it", (type, reason) => {
    expect(verdict([blocking("STARTED"), blocking(type)])).toEqual({ is: "failed", reason });
  });
});

describe("a table that is read beside the stream", () => {
  const verdict = (told: Notification[], since = 0) =>
    snapshotVerdict({ table: "public.orders", type: "incremental", id: "cdc-1", since }, told);

  test("is known by its signal", () => {
    const end = beside("TABLE_SCAN_COMPLETED", scan);
    expect(verdict([{ ...end, id: "cdc-0" }])).toEqual({ is: "waiting" });
    expect(verdict([beside("STARTED"), end])).toEqual({ is: "read", rows: 3, whole: true });
    expect(verdict([beside("TABLE_SCAN_COMPLETED", { ...scan, rows: 0, status: "EMPTY" })])).toMatchObject({
      is: "read",
    });
  });

  test("goes on when the task starts anew, which counts from zero", () => {
    const told = [beside("STARTED"), blocking("SKIPPED"), beside("IN_PROGRESS")];
    expect(verdict(told)).toEqual({ is: "waiting" });
    expect(verdict([...told, beside("TABLE_SCAN_COMPLETED", scan)])).toEqual({ is: "read", rows: 3, whole: false });
  });

  test.each(["SQL_EXCEPTION", "NO_PRIMARY_KEY", "UNKNOWN_SCHEMA"])("has failed with %s", (status) => {
    expect(verdict([beside("TABLE_SCAN_COMPLETED", { ...scan, status })])).toEqual({
      is: "failed",
      reason: `Debezium says ${status}`,
    });
  });
});

test("a snapshot beside the stream is under way until it ends", () => {
  expect(isUnderWay([])).toBe(false);
  expect(isUnderWay([beside("STARTED"), blocking("COMPLETED")])).toBe(true);
  expect(isUnderWay([beside("STARTED"), beside("COMPLETED"), blocking("STARTED")])).toBe(false);
});
