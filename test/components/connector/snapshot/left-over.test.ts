import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { finishLeft, rowsRead, whyWaiting } from "../../../../components/connector/snapshot/left-over";
import type { Notification } from "../../../../components/connector/snapshot/notifications";
import type { Reading } from "../../../../components/connector/snapshot/read-table";
import { togetherSignal } from "../../../../components/connector/snapshot/snapshot-signal";
import { inputsFor } from "../setting";

const TABLES = ["public.a", "public.b"];
const kind = "blocking";
const signal = { ...togetherSignal(TABLES), cdc: { after: 5, ids: { "public.a": "1", "public.b": "2" } } };
const ids = { "public.a": "1", "public.b": "2" };

/** Notifications with offsets from 3 on: two of before the signal, and those of its snapshot. */
function told(...later: Partial<Notification>[]): Notification[] {
  const before = [{ type: "STARTED" }, { type: "COMPLETED" }];
  return [...before, ...later].map((each, at) => ({ id: "", kind, type: "", ...each, offset: at + 3 }));
}
const started = { type: "STARTED" };
const scanned = (table: string, rows = 7) => ({
  type: "TABLE_SCAN_COMPLETED",
  tables: TABLES,
  table,
  rows,
  status: "SUCCEEDED",
});

describe("the rows that a snapshot of an earlier apply has read", () => {
  test("count where it has read the table to its end", () => {
    const all = told(started, scanned("public.a"), scanned("public.b", 0), { type: "COMPLETED" });
    expect(TABLES.map((table) => rowsRead(signal, table, all, ids))).toEqual([7, 0]);
  });

  test("do not count of another table of that name, nor of one that was not asked for", () => {
    const all = told(started, scanned("public.a"), { type: "COMPLETED" });
    expect(rowsRead(signal, "public.a", all, { "public.a": "9" })).toBeUndefined();
    expect(rowsRead(signal, "public.a", all, undefined)).toBeUndefined();
    expect(rowsRead(signal, "public.c", all, { "public.c": "3" })).toBeUndefined();
    expect(rowsRead(togetherSignal(TABLES), "public.a", all, ids)).toBeUndefined();
  });

  test("do not count from before the signal, nor where the task has started since", () => {
    const all = told(started, scanned("public.a"), { type: "COMPLETED" }, { type: "SKIPPED" });
    expect(rowsRead(signal, "public.a", all, ids)).toBeUndefined();
    const later = { ...signal, cdc: { ...signal.cdc, after: 8 } };
    expect(rowsRead(later, "public.a", told(started, scanned("public.a"), { type: "COMPLETED" }), ids)).toBeUndefined();
  });

  test("do not count where the snapshot was ended before", () => {
    expect(rowsRead(signal, "public.a", told(started, { type: "SKIPPED" }), ids)).toBeUndefined();
    expect(rowsRead(signal, "public.b", told(started, scanned("public.a"), { type: "ABORTED" }), ids)).toBeUndefined();
  });
});

describe("a signal of an earlier apply is waited for", () => {
  const read = { told: told(), isCopying: false, confirmed: 10n, end: 10n };
  test.each([
    ["until the log up to it is read", { ...read, confirmed: 9n }, "the log before it is being read"],
    ["where nobody knows how far that is", { ...read, confirmed: undefined }, "the log before it is being read"],
    ["while its snapshot runs", { ...read, told: told(started, scanned("public.a")) }, "it is under way"],
    ["while the database gives rows to one", { ...read, isCopying: true }, "it is under way"],
    ["no longer than its end", { ...read, told: told(started, { type: "ABORTED" }) }, undefined],
    ["no longer than a restart", { ...read, told: told(started, { type: "SKIPPED" }) }, undefined],
    [
      "where incremental ones run",
      { ...read, told: [...told(), { id: "x", kind: "incremental" as const, type: "STARTED" }] },
      undefined,
    ],
  ])("%s", (_when, look, why) => {
    expect(whyWaiting(look)).toBe(why);
  });
});

let notifications: Notification[];
let confirmed: bigint;
jest.mock("../../../../components/connector/rest/connect-api", () => ({ getStatus: () => Promise.resolve(undefined) }));
jest.mock("../../../../components/connector/slot/connector-session", () => ({
  withDatabase: () => Promise.resolve(10n),
}));
jest.mock("../../../../components/connector/snapshot/moving", () => ({ copying: () => Promise.resolve(undefined) }));
jest.mock("../../../../components/connector/slot/source", () => ({
  ...jest.requireActual<object>("../../../../components/connector/slot/source"),
  slotState: () => Promise.resolve({ confirmed }),
}));

describe("before an apply asks for a snapshot", () => {
  const readingWith = (...data: object[]) =>
    ({
      inputs: { ...inputsFor("http://c"), tableIds: ids },
      reader: { told: () => notifications, written: () => Promise.resolve(0) },
      signals: {},
      held: () => Promise.resolve({}),
      left: data.map((each, at) => ({ id: `cdc-${at}`, data: JSON.stringify(each) })),
    }) as unknown as Reading;
  beforeEach(() => {
    notifications = told(started, scanned("public.a"));
    confirmed = 10n;
  });

  test("the one under way is waited for, and what it has read is read", async () => {
    let isOver = false;
    const finished = finishLeft(readingWith(signal), [...TABLES, "public.c"]).finally(() => (isOver = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    notifications = told(started, scanned("public.a"), scanned("public.b", 3), { type: "COMPLETED" });
    expect([...(await finished)!]).toEqual([
      ["public.a", 7],
      ["public.b", 3],
    ]);
  });

  test("without signals of an earlier apply nothing is waited for; incremental ones go on by themselves", async () => {
    confirmed = 0n;
    const beside = { type: "incremental", "data-collections": ['"public"."a"'] };
    expect(await finishLeft(readingWith(beside), TABLES)).toBeUndefined();
    expect(await finishLeft(readingWith(), TABLES)).toBeUndefined();
  });

  test("where nothing of it moves, the error says what is waited for", async () => {
    const reading = readingWith(signal);
    reading.inputs.readyTimeoutSeconds = 0.1;
    await expect(finishLeft(reading, TABLES)).rejects.toThrow(
      /^Waited 0\.1 s for the existing rows of public\.a, public\.b to be read by the snapshot that the last up asked for\. Last seen: .*: it is under way, 0 records since this up looks\. Nothing moves/,
    );
  });
});
