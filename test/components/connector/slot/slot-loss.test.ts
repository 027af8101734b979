import { describe, expect, test } from "@jest/globals";
import { lossIn, readsAgain, readsRows } from "../../../../components/connector/slot/loss-look";
import { truncate, writtenPartitions } from "../../../../components/connector/snapshot/emptied";
import { lossOf, lossWords, lsnText, rewoundOf } from "../../../../components/connector/slot/slot-loss";
import type { SlotState } from "../../../../components/connector/slot/source";
import { inputsFor } from "../setting";

const slot = (change: Partial<SlotState> = {}): SlotState => ({
  ...{ exists: true, active: false, reader: "", caughtUp: false, confirmed: 1000n, written: 5000n },
  ...change,
});
const said = (change: Partial<SlotState>, stored: number | null): string | undefined => {
  const loss = lossOf(slot(change), stored);
  return loss && lossWords("s", loss);
};

describe("what is lost", () => {
  test.each<[string, Partial<SlotState>, number | null, string | undefined]>([
    ["a slot where the connector is", {}, 1000, undefined],
    ["one behind it: what was read comes again", { confirmed: 900n }, 1000, undefined],
    ["one that is being made", { confirmed: undefined }, 1000, undefined],
    ["a connector that has read nothing begins with a snapshot", { exists: false }, null, undefined],
    [
      "dropped",
      { exists: false, confirmed: undefined },
      1000,
      "replication slot s was dropped: the 4,000 bytes of log written since 0/3E8, which was read last, are lost to the topics",
    ],
    [
      "beyond max_slot_wal_keep_size",
      { invalidated: "wal_removed" },
      1000,
      "Postgres has invalidated replication slot s (it kept more log than max_slot_wal_keep_size allows): the 4,000 bytes of log written since " +
        "0/3E8, which was read last, are lost to the topics",
    ],
    [
      "idle for too long",
      { invalidated: "idle_timeout" },
      1000,
      expect.stringContaining("(nobody read it for longer than idle_replication_slot_timeout)") as never,
    ],
    [
      "by a Postgres that does not say why",
      { invalidated: "" },
      1000,
      expect.stringMatching(/^Postgres has invalidated replication slot s: /) as never,
    ],
    [
      "moved on, or made again",
      { confirmed: 3500n },
      1000,
      "replication slot s was moved on by hand, or dropped and made again: it begins at 0/DAC, and the 2,500 bytes of log since 0/3E8, which was " +
        "read last, are lost to the topics",
    ],
  ])("%s", (_what, change, stored, words) => {
    expect(said(change, stored)).toEqual(words);
  });

  test("an older copy of the database, whose log ends before what was read", () => {
    const loss = rewoundOf(slot({ confirmed: 500n, ends: 900n }), 1000);
    expect(lossWords("s", loss!)).toBe(
      "replication slot s is in an older copy of the database, as after a volume or a snapshot was put back: its log ends at 0/384, before 0/3E8, which was " +
        "read last. What is written until the log is there again is lost to the topics, and they have changes that the copy has not",
    );
    expect(lossIn(slot({ ends: 900n }), null, { connector: { state: "RUNNING" }, tasks: [] })).toBeUndefined();
  });

  test("positions are written as Postgres does", () => {
    expect([0n, 22778016n, 0x1_0000_00ffn].map(lsnText)).toEqual(["0/0", "0/15B90A0", "1/FF"]);
  });
});

describe("before it is started", () => {
  const status = (connector: string, task?: string) => ({
    connector: { state: connector },
    tasks: task === undefined ? [] : [{ id: 0, state: task }],
  });
  test.each<[string, Partial<SlotState>, ReturnType<typeof status>, string | undefined]>([
    ["stopped", { confirmed: 3500n }, status("STOPPED"), "passed"],
    ["paused", { confirmed: 3500n }, status("PAUSED", "PAUSED"), "passed"],
    ["failed", { confirmed: 3500n }, status("RUNNING", "FAILED"), "passed"],
    [
      "killed, and about to go on: it had told Postgres of more than it had noted",
      { confirmed: 3500n },
      status("RUNNING", "RUNNING"),
      undefined,
    ],
    [
      "missed for a while, as after a sleep, and about to go on: the same",
      { confirmed: 3500n },
      status("UNASSIGNED", "UNASSIGNED"),
      undefined,
    ],
    [
      "being stopped, with a task that has yet to note it",
      { confirmed: 3500n },
      status("STOPPED", "RUNNING"),
      undefined,
    ],
    ["restarting", { confirmed: 3500n }, status("RESTARTING", "RESTARTING"), undefined],
    ["unassigned without a slot", { exists: false }, status("UNASSIGNED", "UNASSIGNED"), "dropped"],
    ["running without a slot", { exists: false }, status("RUNNING", "RUNNING"), "dropped"],
    [
      "running, retrying for ever on a lost slot",
      { invalidated: "wal_removed" },
      status("RUNNING", "RUNNING"),
      "invalidated",
    ],
    ["reading", { active: true, confirmed: 3500n }, status("PAUSED", "PAUSED"), undefined],
    ["reading all that there is", { active: true, ends: 1000n }, status("RUNNING", "RUNNING"), undefined],
    ["on an older copy", { confirmed: 500n, written: 900n, ends: 900n }, status("STOPPED"), "rewound"],
    ["reading an older copy", { active: true, ends: 900n }, status("RUNNING", "RUNNING"), "rewound"],
    [
      "reading an older copy, and had Postgres note its offset",
      { active: true, confirmed: 1000n, ends: 999n },
      status("RUNNING", "RUNNING"),
      "rewound",
    ],
  ])("%s", (_what, change, live, kind) => {
    expect(lossIn(slot(change), 1000, live)?.kind).toBe(kind);
  });

  test("only modes that read rows again heal it", () => {
    const modes = ["initial", "no_data", "initial_only", "when_needed", "always"];
    expect(modes.filter((mode) => readsAgain({ "snapshot.mode": mode }))).toEqual(["when_needed", "always"]);
    // One that reads rows and no log does so, too, when it is made anew.
    expect(modes.filter((mode) => !readsRows({ "snapshot.mode": mode }))).toEqual(["no_data"]);
  });
});

test("the TRUNCATE that empties a topic's table has the place of its log, before the snapshot's", () => {
  const database = { host: "h", port: 1, database: "cdctest", user: "u", password: "p" };
  const inputs = { ...inputsFor("http://c", { database }), config: { "topic.prefix": "cdctest" } };
  expect(truncate(inputs, "public.orders", 5000, 1700000000000)).toEqual({
    before: null,
    after: null,
    op: "t",
    transaction: null,
    ts_ms: 1700000000000,
    ts_us: 1700000000000000,
    ts_ns: 1700000000000000000,
    source: {
      version: "",
      connector: "postgresql",
      name: "cdctest",
      ts_ms: 1700000000000,
      ts_us: 1700000000000000,
      ts_ns: 1700000000000000000,
      snapshot: "false",
      db: "cdctest",
      sequence: null,
      schema: "public",
      table: "orders",
      txId: null,
      lsn: 5000,
      xmin: null,
      origin: null,
      origin_lsn: null,
      commit_lsn: 5000,
      event_serial_no: 0,
    },
  });
});

test("it goes into each partition that a record was ever written to", () => {
  const offsets = [
    { partition: 0, high: "0" },
    { partition: 1, high: "7" },
    { partition: 2, high: "1" },
  ];
  expect(writtenPartitions(offsets)).toEqual([1, 2]);
});
