import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Change, RawMessage } from "../../../../consumer/change/change-event";
import { parseRecord } from "../../../../consumer/change/parse-record";
import {
  type Done,
  Duplicates,
  type DoneByPartition,
  type OffsetStore,
} from "../../../../consumer/delivery/crash/duplicates";
import { forgetful, offsetFile } from "../../../../consumer/delivery/crash/offset-file";
import { ALEX, TOPIC, envelope, record } from "../../records";

const change = (id: number, offset: number, commit: number, op = "u"): RawMessage => {
  const row = { ...ALEX, id };
  return record({ id }, envelope(op, null, op === "d" ? null : row, { commit_lsn: commit }), String(offset));
};

/** Delivers a batch. @returns for each record, as what it was recognised */
function deliver(duplicates: Duplicates, messages: RawMessage[], highWatermark = "1000", topic = TOPIC) {
  const before = duplicates.begin({ topic, partition: 0, messages, highWatermark });
  const found = messages.map((m) => {
    return duplicates.recognise(parseRecord(topic, 0, m) as Change, m, before) ?? "new";
  });
  duplicates.handled(topic, 0, messages[messages.length - 1]!.offset);
  return found;
}

function memory(): OffsetStore & { done: DoneByPartition } {
  return {
    done: {},
    load() {
      return this.done;
    },
    save(done) {
      this.done = { ...done };
    },
  };
}

describe("redelivered by Kafka", () => {
  test("offsets handled before are recognised, also by the next process, and reported once per batch", () => {
    const store = memory();
    const reports: unknown[] = [];
    const start = () => new Duplicates({ store, report: (...args) => reports.push(args) });
    expect(deliver(start(), [change(1, 0, 10), change(2, 1, 20)])).toEqual(["new", "new"]);
    expect(deliver(start(), [change(2, 1, 20), change(3, 2, 30)])).toEqual(["redelivered", "new"]);
    expect(reports).toEqual([[TOPIC, 0, 1, 1]]);
  });

  test("a batch cut short by a crash counts only what was done", () => {
    const store = memory();
    const first = new Duplicates({ store, report: () => undefined });
    first.begin({ topic: TOPIC, partition: 0, messages: [change(1, 0, 10), change(2, 1, 20)], highWatermark: "2" });
    first.handled(TOPIC, 0, "0");
    const second = new Duplicates({ store, report: () => undefined });
    expect(deliver(second, [change(1, 0, 10), change(2, 1, 20)])).toEqual(["redelivered", "new"]);
  });

  test("a dead letter that was sent back is known by its place in the retry topic", () => {
    const original = { topic: "cdctest.public.customers", partition: 0, offset: "500" };
    const returned = (offset: number) => ({ ...change(1, offset, 10), original });
    const store = memory();
    const start = () => new Duplicates({ store, report: () => undefined });
    expect(deliver(start(), [returned(0)])).toEqual(["new"]);
    expect(deliver(start(), [returned(0), returned(1)])).toEqual(["redelivered", "new"]);
  });

  test("a topic that was made again begins at its first record", () => {
    const duplicates = new Duplicates({ store: memory(), report: () => undefined });
    deliver(duplicates, [change(1, 500, 10)], "501");
    expect(deliver(duplicates, [change(2, 0, 20)], "1")).toEqual(["new"]);
    expect(deliver(duplicates, [change(3, 1, 30)], "2")).toEqual(["new"]);
  });

  test("so does one that holds more than was handled of the old one, where the stream knows of it", () => {
    const reports: unknown[] = [];
    const duplicates = new Duplicates({ store: memory(), report: (...args) => reports.push(args) });
    deliver(duplicates, [change(1, 5, 10)]);
    const anew = change(2, 0, 20);
    const before = duplicates.begin({ topic: TOPIC, partition: 0, messages: [anew], highWatermark: "40", anew: true });
    expect(duplicates.recognise(parseRecord(TOPIC, 0, anew) as Change, anew, before)).toBeUndefined();
    duplicates.handled(TOPIC, 0, "0");
    expect(deliver(duplicates, [anew, change(3, 1, 30)])).toEqual(["redelivered", "new"]);
    expect(reports).toHaveLength(1);
  });
});

describe("repeated by the connector", () => {
  const fresh = () => new Duplicates({ store: forgetful, report: () => undefined });

  test("a change at the same or an earlier place in the log, with a new offset", () => {
    const found = deliver(fresh(), [change(1, 0, 10), change(1, 1, 20), change(1, 2, 10), change(1, 3, 20)]);
    expect(found).toEqual(["new", "new", "repeated", "repeated"]);
  });

  test("a dead letter that was sent back is no duplicate: it was seen before, and not handled", () => {
    const original = { topic: TOPIC, partition: 0, offset: "0" };
    const duplicates = fresh();
    expect(deliver(duplicates, [change(1, 0, 10)])).toEqual(["new"]);
    expect(deliver(duplicates, [{ ...change(1, 5, 10), original }, change(1, 6, 10)])).toEqual(["new", "repeated"]);
  });

  test("rows of one COPY share a position and are no repetition, with or without a key; read again they are one", () => {
    const copy = (offset: number, serialNo: number) =>
      record(null, envelope("c", null, ALEX, { lsn: 5, commit_lsn: 10, event_serial_no: serialNo }), String(offset));
    const found = deliver(fresh(), [
      copy(0, 1),
      copy(1, 2),
      copy(2, 3),
      copy(3, 1),
      copy(4, 2),
      copy(5, 3),
      copy(6, 4),
    ]);
    expect(found).toEqual(["new", "new", "new", "repeated", "repeated", "repeated", "new"]);
  });

  test("a row that is written earlier in the log and committed later is no duplicate", () => {
    const late = envelope("u", null, ALEX, { lsn: 15, commit_lsn: 30 });
    expect(deliver(fresh(), [change(1, 0, 20), record({ id: 2 }, late, "1")])).toEqual(["new", "new"]);
  });

  test("both records of a changed key are new, and come again together", () => {
    const pair = (offset: number) => [change(1, offset, 10, "d"), change(2, offset + 1, 10, "c")];
    const found = deliver(fresh(), [...pair(0), ...pair(2)]);
    expect(found).toEqual(["new", "new", "repeated", "repeated"]);
  });

  test("a second snapshot is no duplicate", () => {
    const snapshot = (offset: number) => change(1, offset, 5, "r");
    expect(deliver(fresh(), [snapshot(0), change(1, 1, 10), snapshot(2)])).toEqual(["new", "new", "new"]);
  });

  test("also by the next process: the connector may have been killed with it", () => {
    const store = memory();
    const start = () => new Duplicates({ store, report: () => undefined });
    expect(deliver(start(), [change(1, 0, 10), change(1, 1, 20)])).toEqual(["new", "new"]);
    expect(deliver(start(), [change(1, 2, 10), change(1, 3, 20), change(1, 4, 30)])).toEqual([
      "repeated",
      "repeated",
      "new",
    ]);
  });

  test("a change that was begun and not handled is no duplicate, in this process and in the next", () => {
    const store = memory();
    const messages = [change(1, 0, 10), change(1, 1, 20)];
    const first = new Duplicates({ store, report: () => undefined });
    const before = first.begin({ topic: TOPIC, partition: 0, messages, highWatermark: "2" });
    for (const each of messages) first.recognise(parseRecord(TOPIC, 0, each) as Change, each, before);
    first.handled(TOPIC, 0, "0");
    expect(
      deliver(new Duplicates({ store: { ...store, save: () => undefined }, report: () => undefined }), messages),
    ).toEqual(["redelivered", "new"]);
    expect(deliver(first, messages.slice(1))).toEqual(["new"]);
  });

  test("after a snapshot from the beginning all is new, as the database may be an earlier one", () => {
    const snapshot = record({ id: 1 }, envelope("r", null, ALEX, { commit_lsn: 5, event_serial_no: 0 }), "1");
    expect(deliver(fresh(), [change(1, 0, 20), snapshot, change(1, 2, 10), change(1, 3, 10)])).toEqual([
      "new",
      "new",
      "new",
      "repeated",
    ]);
  });

  test("so it is for a table without a key, whose snapshot rows have no id", () => {
    const snapshot = record(null, envelope("r", null, ALEX, { commit_lsn: 5, event_serial_no: 0 }), "1");
    const keyless = (offset: number, commit: number) =>
      record(null, envelope("c", null, ALEX, { commit_lsn: commit }), String(offset));
    const found = deliver(fresh(), [keyless(0, 20), snapshot, keyless(2, 10), keyless(3, 10)]);
    expect(found).toEqual(["new", "new", "new", "repeated"]);
  });

  test("and for partitions that got no row of it, also in the next process", () => {
    const store = memory();
    const start = () => new Duplicates({ store, report: () => undefined });
    const snapshot = (offset: number) =>
      record({ id: 1 }, envelope("r", null, ALEX, { commit_lsn: 5, event_serial_no: 0 }), String(offset));
    const [empty, other] = ["cdctest.public.empty", "cdctest.public.other"];
    const first = start();
    deliver(first, [change(1, 0, 20)], "1000", empty);
    deliver(first, [change(1, 0, 20)]);
    deliver(first, [snapshot(1)]);
    expect(deliver(first, [change(1, 1, 10), change(1, 2, 10)], "1000", empty)).toEqual(["new", "repeated"]);
    const second = start();
    // A later row of the same snapshot begins nothing anew.
    expect(deliver(second, [snapshot(0)], "1000", other)).toEqual(["new"]);
    expect(deliver(second, [change(1, 3, 10), change(1, 4, 12)], "1000", empty)).toEqual(["repeated", "new"]);
  });

  test("without a place, a duplicate is not known", () => {
    const without = (offset: number) =>
      record({ id: 1 }, envelope("u", null, ALEX, { commit_lsn: undefined }), String(offset));
    expect(deliver(fresh(), [without(0), without(1)])).toEqual(["new", "new"]);
  });
});

describe("the file", () => {
  const directory = mkdtempSync(join(tmpdir(), "offsets-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const done = (offset: number, newest = ""): Done => ({ offset, newest });
  const open = (group: string) => offsetFile(directory, group, () => undefined);

  test("what one process saved the next one loads", () => {
    const first = open("a/b c");
    expect(first.load()).toEqual({});
    first.save({ "t/0": done(9) });
    first.save({ "t/0": done(12, "0A-1"), "t/1": done(3) });
    expect(open("a/b c").load()).toEqual({ "t/0": done(12, "0A-1"), "t/1": done(3) });
  });

  test("what an earlier version saved, offsets alone, is read", () => {
    writeFileSync(join(directory, "handled-earlier.json"), '{"t/0":12}   ');
    expect(open("earlier").load()).toEqual({ "t/0": done(12) });
  });

  test("a shorter text leaves nothing of a longer one", () => {
    const store = open("shrinks");
    store.load();
    store.save({ [`${"t".repeat(500)}/0`]: done(1) });
    store.save({ "t/0": done(1) });
    expect(open("shrinks").load()).toEqual({ "t/0": done(1) });
  });

  test("a damaged file is an empty one", () => {
    writeFileSync(join(directory, "handled-damaged.json"), '{"t/0":');
    expect(open("damaged").load()).toEqual({});
    expect(readFileSync(join(directory, "handled-damaged.json"), "utf8")).toBe("");
  });

  test("a folder that cannot be written is reported once, and the consumer goes on", () => {
    const warnings: string[] = [];
    const store = offsetFile(join(directory, "handled-damaged.json"), "group", (message) => warnings.push(message));
    expect(store.load()).toEqual({});
    store.save({ "t/0": done(1) });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^duplicates across a restart cannot be counted: /);
  });
});
