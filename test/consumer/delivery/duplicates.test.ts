import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Change, RawMessage } from "../../../consumer/change/change-event";
import { parseRecord } from "../../../consumer/change/parse-record";
import { Duplicates, type OffsetStore, type Offsets } from "../../../consumer/delivery/duplicates";
import { forgetful, offsetFile } from "../../../consumer/delivery/offset-file";
import { ALEX, TOPIC, envelope, record } from "../records";

const change = (id: number, offset: number, lsn: number, op = "u"): RawMessage =>
  record({ id }, envelope(op, null, { ...ALEX, id }, { lsn }), String(offset));

/** Delivers all of a batch and returns what each was recognised as. */
function deliver(duplicates: Duplicates, messages: RawMessage[], highWatermark = "1000") {
  const before = duplicates.begin({ topic: TOPIC, partition: 0, messages, highWatermark });
  const found = messages.map((m) => {
    return duplicates.recognise(parseRecord(TOPIC, 0, m) as Change, String(m.key), before) ?? "new";
  });
  duplicates.handled(TOPIC, 0, messages[messages.length - 1]!.offset);
  return found;
}

function memory(): OffsetStore & { offsets: Offsets } {
  return {
    offsets: {},
    load() {
      return this.offsets;
    },
    save(offsets) {
      this.offsets = { ...offsets };
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

  test("a topic that was made again starts anew", () => {
    const duplicates = new Duplicates({ store: memory(), report: () => undefined });
    deliver(duplicates, [change(1, 500, 10)], "501");
    expect(deliver(duplicates, [change(2, 0, 20)], "1")).toEqual(["new"]);
    expect(deliver(duplicates, [change(3, 1, 30)], "2")).toEqual(["new"]);
  });
});

describe("repeated by the connector", () => {
  const fresh = (keys?: number) => new Duplicates({ store: forgetful, report: () => undefined, ...(keys && { keys }) });

  test("a change of the same row at the same or an earlier position, with a new offset", () => {
    const found = deliver(fresh(), [change(1, 0, 10), change(1, 1, 20), change(1, 2, 10), change(1, 3, 20)]);
    expect(found).toEqual(["new", "new", "repeated", "repeated"]);
  });

  test("rows of one COPY share a position and are no repetition", () => {
    expect(deliver(fresh(), [change(1, 0, 10, "c"), change(2, 1, 10, "c")])).toEqual(["new", "new"]);
  });

  test("interleaved transactions of different rows are none", () => {
    expect(deliver(fresh(), [change(1, 0, 20), change(2, 1, 10)])).toEqual(["new", "new"]);
  });

  test("a second snapshot is none", () => {
    const snapshot = (offset: number) => change(1, offset, 5, "r");
    expect(deliver(fresh(), [snapshot(0), change(1, 1, 10), snapshot(2)])).toEqual(["new", "new", "new"]);
  });

  test("the memory is bounded, and holds at least the last rows asked for", () => {
    const duplicates = fresh(10);
    deliver(
      duplicates,
      Array.from({ length: 100 }, (_, i) => change(i, i, 10)),
    );
    const again = Array.from({ length: 100 }, (_, i) => change(i, 100 + i, 10));
    const found = deliver(duplicates, again.reverse());
    expect(found.slice(0, 10)).toEqual(Array(10).fill("repeated"));
    expect(found.slice(20)).toEqual(Array(80).fill("new"));
  });
});

describe("the file", () => {
  const directory = mkdtempSync(join(tmpdir(), "offsets-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const open = (group: string) => offsetFile(directory, group, () => undefined);

  test("what one process saved the next one loads", () => {
    const first = open("a/b c");
    expect(first.load()).toEqual({});
    first.save({ "t/0": 9 });
    first.save({ "t/0": 12, "t/1": 3 });
    expect(open("a/b c").load()).toEqual({ "t/0": 12, "t/1": 3 });
  });

  test("a shorter text leaves nothing of a longer one", () => {
    const store = open("shrinks");
    store.load();
    store.save({ [`${"t".repeat(500)}/0`]: 1 });
    store.save({ "t/0": 1 });
    expect(open("shrinks").load()).toEqual({ "t/0": 1 });
  });

  test("a damaged file is an empty one", () => {
    writeFileSync(join(directory, "handled-damaged.json"), '{"t/0":');
    expect(open("damaged").load()).toEqual({});
    expect(readFileSync(join(directory, "handled-damaged.json"), "utf8")).toBe("");
  });

  test("a folder that cannot be written is told once, and the consumer goes on", () => {
    const warnings: string[] = [];
    const store = offsetFile(join(directory, "handled-damaged.json"), "group", (message) => warnings.push(message));
    expect(store.load()).toEqual({});
    store.save({ "t/0": 1 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^duplicates across a restart cannot be counted: /);
  });
});
