import { describe, expect, test } from "@jest/globals";
import type { Notification } from "../../../../components/connector/snapshot/notifications";
import { isUnderWay, snapshotVerdict } from "../../../../components/connector/snapshot/snapshot-verdict";

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
  const verdict = (...told: Notification[]) =>
    snapshotVerdict({ table: "public.orders", type: "blocking", id: "cdc-1", since: 0 }, told);
  const begun = [blocking("STARTED"), blocking("DATA_COLLECTIONS_RESOLVED", { tables: ["public.orders"] })];
  const another = [blocking("STARTED"), blocking("DATA_COLLECTIONS_RESOLVED", { tables: ["public.orders_old"] })];

  test("is read once its scan has ended well", () => {
    expect(verdict()).toEqual({ is: "waiting" });
    expect(verdict(...begun, blocking("IN_PROGRESS"))).toEqual({ is: "waiting" });
    expect(verdict(...begun, blocking("TABLE_SCAN_COMPLETED", scan))).toEqual({ is: "read", rows: 3, whole: true });
  });

  test("notifications from before the request do not count", () => {
    const told = [...begun, blocking("TABLE_SCAN_COMPLETED", scan)];
    const asked = { table: "public.orders", type: "blocking", id: "cdc-1", since: told.length } as const;
    expect(snapshotVerdict(asked, told)).toEqual({ is: "waiting" });
    // Nor is the end of a snapshot that was under way then.
    expect(snapshotVerdict(asked, [...told, blocking("COMPLETED")])).toEqual({ is: "waiting" });
  });

  test("another table's end, whether good or bad, is not its own", () => {
    expect(verdict(...another, blocking("COMPLETED"))).toEqual({ is: "waiting" });
    expect(verdict(...another, blocking("ABORTED"))).toEqual({ is: "waiting" });
    expect(verdict(...another, blocking("SKIPPED"))).toEqual({ is: "waiting" });
    expect(verdict(beside("TABLE_SCAN_COMPLETED", scan))).toEqual({ is: "waiting" });
  });

  test.each(["public.orders", "public.a,b", 'public.c", "d'])(
    "%s is one of several, names with commas among them",
    (table) => {
      const tables = ['public.a,b,public.orders,public.c", "d'].join().split(",");
      const told = [blocking("STARTED"), blocking("DATA_COLLECTIONS_RESOLVED", { tables })];
      const now = (name: string) =>
        snapshotVerdict({ table: name, type: "blocking", id: "cdc-1", since: 0 }, [
          ...told,
          blocking("TABLE_SCAN_COMPLETED", { ...scan, table: name }),
        ]);
      expect(now(table)).toMatchObject({ is: "read" });
      expect(now("public.order")).toEqual({ is: "waiting" });
    },
  );

  test("is lost when the task restarts in the middle of it, and not when it restarts before", () => {
    expect(verdict(blocking("SKIPPED"))).toEqual({ is: "waiting" });
    expect(verdict(...begun, blocking("SKIPPED"))).toEqual({ is: "forgotten" });
    expect(verdict(blocking("STARTED"), blocking("SKIPPED"))).toEqual({ is: "forgotten" });
  });

  test.each([
    ["ABORTED", "Debezium gave it up"],
    ["COMPLETED", "Debezium found no such table"],
  ])("has failed when the snapshot ends with %s and without it", (type, reason) => {
    expect(verdict(...begun, blocking(type))).toEqual({ is: "failed", reason });
    const nothing = blocking("DATA_COLLECTIONS_RESOLVED", { tables: [""] });
    expect(verdict(blocking("STARTED"), nothing, blocking(type))).toEqual({ is: "failed", reason });
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

  test("goes on when the task restarts, which counts from zero again", () => {
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
