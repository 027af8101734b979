import { expect, test } from "@jest/globals";
import type { SlotState } from "../../../../components/connector/slot/source";
import { type SlotMemory, type SlotSight, SlotWatch } from "../../../../consumer/feed/watch/slot-watch";
import { parseRecord } from "../../../../consumer/change/parse-record";
import { record } from "../../records";

const READ: SlotState = {
  exists: true,
  active: true,
  reader: "Debezium",
  caughtUp: true,
  confirmed: 1000n,
  written: 1000n,
};
const IDLE: SlotState = { ...READ, active: false, reader: "", caughtUp: false };
const GONE: SlotState = { ...IDLE, exists: false, confirmed: undefined, written: 5000n };

/** A watch, with its memory and its log lines. */
function rig(kept: SlotMemory = { missed: null, told: null }, looks = true) {
  const said: string[] = [];
  const rig = { kept, said, watch: undefined as never as SlotWatch };
  rig.watch = new SlotWatch({
    slotName: "s",
    looks,
    load: () => rig.kept,
    save: (known) => void (rig.kept = known),
    warn: (sentence) => said.push(sentence),
    info: (sentence) => said.push(sentence),
  });
  return rig;
}
const look = (slot: SlotState, stored: SlotSight["stored"], stands = true, alone = false): SlotSight => ({
  ...{ slot, stored, stands, alone },
});
const message = (prefix: string, content: string) =>
  parseRecord(
    "cdctest.message",
    0,
    record(null, { op: "m", source: {}, message: { prefix, content: btoa(content) } }),
  ) as never;
/** The message that an `up` writes after its snapshot. */
const readAnew = (lsn: string) => message("cdc.read-anew", lsn);
/** The message that the connector writes when it has made its slot again. */
const begunAnew = (span: string) => message("cdc.begun-anew", span);

test("a slot that is read, let go and read again says nothing", () => {
  const { watch, said } = rig();
  watch.observe(look(READ, undefined, false));
  watch.observe(look(IDLE, 1000));
  watch.observe(look({ ...READ, confirmed: 2000n }, undefined, false));
  expect(watch.losses()).toEqual([]);
  expect(said).toEqual([]);
});

test("a slot that was moved on while the connector is stopped is reported once, also when it resumes, until rows are read again", () => {
  const { watch, said } = rig();
  watch.observe(look(READ, undefined, false));
  watch.observe(look(IDLE, 1000));
  watch.observe(look({ ...IDLE, confirmed: 3500n }, 1000));
  watch.observe(look({ ...IDLE, confirmed: 3500n }, 1000));
  watch.observe(look({ ...READ, confirmed: 4000n }, undefined, false));
  expect(said).toEqual([
    "replication slot s was moved on by hand, or dropped and made again: it begins at 0/DAC, and the 2,500 bytes of log since 0/3E8, which " +
      "was read last, are lost to the topics. All rows are read again by: npm run pulumi -- config set snapshotMode when_needed && npm start",
  ]);
  expect(watch.losses()).toEqual(said);
  watch.unprinted(readAnew("3499"));
  expect(watch.losses()).toHaveLength(1);
  watch.unprinted(readAnew("3500"));
  expect(watch.losses()).toEqual([]);
  expect(said[1]).toBe("all rows were read again: the loss before 0/DAC is made good");
});

test("a killed worker has confirmed more to Postgres than it wrote as offset: no loss", () => {
  const { watch } = rig();
  watch.observe(look(READ, undefined, false));
  watch.observe(look({ ...IDLE, confirmed: 1200n }, undefined, false));
  watch.observe(look({ ...IDLE, confirmed: 1200n }, 1000, false));
  expect(watch.losses()).toEqual([]);
});

test.each([
  ["there is no Kafka Connect: nobody else can have done it", true, 1],
  ["Kafka Connect does not answer: its task may have read", false, 0],
])("moved on while %s", (_what, alone, losses) => {
  const { watch } = rig();
  watch.observe(look(READ, undefined, false));
  watch.observe(look({ ...IDLE, confirmed: 1200n }, undefined, false, alone));
  watch.observe(look({ ...IDLE, confirmed: 3500n }, undefined, false, alone));
  expect(watch.losses()).toEqual(
    Array(losses).fill(expect.stringMatching(/begins at 0\/DAC, and the 2,300 bytes of log since 0\/4B0/)),
  );
});

test("a dropped slot is reported with what was written since, and kept for the next process", () => {
  const first = rig();
  first.watch.observe(look(READ, undefined, false));
  first.watch.observe(look(GONE, 1000));
  first.watch.observe(look({ ...GONE, written: 6000n }, undefined));
  expect(first.said).toHaveLength(1);
  expect(first.watch.losses()).toEqual([
    expect.stringMatching(/^replication slot s was dropped: the 5,000 bytes of log written since 0\/3E8/),
  ]);
  const next = rig(first.kept);
  expect(next.watch.losses()).toEqual(first.watch.losses());
  // Somebody made the slot again and resumed the connector: the slot no longer shows it.
  next.watch.observe(look(READ, undefined, false));
  expect(next.watch.losses()).toHaveLength(1);
});

test("lost offsets are a loss for consumers that have read: a snapshot has no DELETE", () => {
  const { watch } = rig();
  watch.observe(look({ ...READ, confirmed: 900n, written: 900n }, undefined, false));
  watch.observe(look(READ, undefined, false));
  watch.observe(look({ ...IDLE, written: 5000n }, null));
  expect(watch.losses()).toEqual([]);
  watch.observe(look({ ...IDLE, written: 5000n }, null));
  expect(watch.losses()).toEqual([
    expect.stringMatching(
      /^the connector begins with a snapshot, as Kafka Connect has no offset of it .* of the 4,000 bytes of log since 0\/3E8/,
    ),
  ]);
});

test("a task that is cut off before its first offset is noted, as by a second worker that joins, has forgotten nothing", () => {
  const { watch, said } = rig();
  watch.observe(look(READ, undefined, false));
  for (let i = 0; i < 3; i++) watch.observe(look({ ...IDLE, written: 1112n }, null));
  expect(said).toEqual([]);
});

test("a first start has lost nothing; offsets that are forgotten make nothing good", () => {
  const { watch, said } = rig();
  watch.observe(look(GONE, undefined));
  watch.observe(look(GONE, null));
  expect(said).toEqual([]);
  watch.observe(look(READ, undefined, false));
  watch.observe(look(GONE, 1000));
  watch.observe(look(GONE, null));
  expect(watch.losses()).toHaveLength(1);
});

test("a deleted topic is a loss up to the end of the log, until rows are read again", () => {
  const made = rig();
  made.watch.observe(look({ ...READ, written: 6000n }, undefined, false));
  made.watch.topicGone("cdctest.public.orders");
  expect(made.said).toEqual([
    "topic cdctest.public.orders was deleted in Kafka: its records are gone, and rows written before 0/1770 are in no topic. " +
      "All rows are read again by: npm run pulumi -- config set snapshotMode when_needed && npm start",
  ]);
  expect(made.kept).toEqual({ missed: { sentence: made.said[0], to: 6000 }, told: 6000 });
  made.watch.unprinted(readAnew("5999"));
  expect(made.watch.losses()).toHaveLength(1);
  made.watch.unprinted(readAnew("6000"));
  expect(made.watch.losses()).toEqual([]);
});

test("where a process does not see the slot, rows of a first snapshot in the topic make its loss good", () => {
  const { watch, said } = rig();
  watch.topicGone("p.t");
  const [first] = watch.losses();
  expect(first).toMatch(/^topic p\.t was deleted in Kafka: .* written before \d{4}-\d\d-\d\dT\S+Z are in no topic\./);
  watch.refilled("p.other");
  expect(watch.losses()).toHaveLength(1);
  watch.refilled("p.t");
  expect(watch.losses()).toEqual([]);
  expect(said[1]).toBe("all rows were read again: the loss of topic p.t is made good");
  // One that sees it goes by the position of what was read.
  watch.observe(look({ ...READ, written: 6000n }, undefined, false));
  watch.topicGone("p.t");
  watch.refilled("p.t");
  expect(watch.losses()).toHaveLength(1);
});

test("a topic that is deleted once more is a loss of its own, which no earlier reading of all rows has made good", () => {
  const { watch } = rig();
  watch.observe(look({ ...READ, written: 6000n }, undefined, false));
  watch.topicGone("p.t");
  const [first] = watch.losses();
  watch.unprinted(readAnew("6000"));
  watch.observe(look({ ...READ, written: 9000n }, undefined, false));
  watch.topicGone("p.t");
  expect(watch.losses()[0]).toContain("before 0/2328 are");
  expect(watch.losses()[0]).not.toBe(first);
});

const ANEW =
  "the connector begins with a snapshot, as Kafka Connect has no offset of it any more, the slot does not go on from it or snapshotMode is always: of the 4,000 bytes of log since 0/3E8, which was read last, the topics get " +
  "only the rows that are left, and no DELETE. All rows are read again by: npm run pulumi -- config set snapshotMode when_needed && npm start";

test("a connector that begins again reports the loss itself, whatever the slot shows, until rows are read again", () => {
  const { watch, said } = rig();
  watch.observe(look({ ...READ, written: 1500n }, undefined, false));
  watch.unprinted(begunAnew("1000 5000"));
  watch.unprinted(begunAnew("1000 5000"));
  expect(said).toEqual([ANEW]);
  expect(watch.losses()).toEqual([ANEW]);
  watch.unprinted(readAnew("7000"));
  expect(watch.losses()).toEqual([]);
  // The topic is read from its beginning: the loss was made up for.
  watch.unprinted(begunAnew("1000 5000"));
  expect(watch.losses()).toEqual([]);
});

test("a consumer that was away meanwhile knows that the slot had been read", () => {
  const first = rig();
  first.watch.observe(look({ ...READ, written: 1500n }, undefined, false));
  const next = rig(first.kept);
  next.watch.unprinted(begunAnew("1000 5000"));
  expect(next.watch.losses()).toEqual([ANEW]);
});

test("a first snapshot that was cut short has forgotten nothing, also when it is heard again later", () => {
  const { watch } = rig();
  watch.unprinted(begunAnew("1000 5000"));
  watch.observe(look({ ...READ, written: 6000n }, undefined, false));
  watch.unprinted(begunAnew("1000 5000"));
  expect(watch.losses()).toEqual([]);
});

test("what another connector of the same database passes over, or reads again, is nothing of this one's", () => {
  const { watch } = rig();
  watch.observe(look({ ...READ, written: 1500n }, undefined, false));
  watch.unprinted(begunAnew("1000 5000 deleted another"));
  expect(watch.losses()).toEqual([]);
  watch.unprinted(begunAnew("1000 5000 s"));
  watch.unprinted(readAnew("7000 another"));
  expect(watch.losses()).toEqual([ANEW]);
  watch.unprinted(readAnew("7000 s"));
  expect(watch.losses()).toEqual([]);
});

test("a row that was deleted while the first snapshot was cut short may be in the topics for ever", () => {
  const { watch } = rig();
  watch.unprinted(begunAnew("1000 5000 deleted"));
  expect(watch.losses()).toEqual([ANEW]);
});

test("where nobody looks at the slot, a change of the stream tells that it was read, also to the next process", () => {
  const first = rig(undefined, false);
  first.watch.streamed(null);
  first.watch.unprinted(begunAnew("1000 5000"));
  expect(first.watch.losses()).toEqual([]);
  first.watch.streamed(900);
  first.watch.streamed(6000);
  const next = rig(first.kept, false);
  next.watch.unprinted(begunAnew("1000 5000"));
  expect(next.watch.losses()).toEqual([ANEW]);
});

test("a change of the slot that was made anew does not tell that the one before was read", () => {
  const { watch } = rig(undefined, false);
  watch.streamed(1500);
  watch.unprinted(begunAnew("1000 5000"));
  expect(watch.losses()).toEqual([]);
});

test("a row that was deleted amid the first snapshot is told however late its message is read, until rows are read again", () => {
  const { watch } = rig();
  watch.observe(look({ ...READ, written: 6000n }, undefined, false));
  watch.unprinted(begunAnew("1000 5000 deleted s"));
  expect(watch.losses()).toEqual([ANEW]);
  watch.unprinted(readAnew("7000 s"));
  watch.unprinted(begunAnew("1000 5000 deleted s"));
  expect(watch.losses()).toEqual([]);
});

test("a database that was made again counts its log from the beginning", () => {
  const { watch } = rig({ missed: null, told: 9000 });
  watch.observe(look({ ...READ, written: 1500n }, undefined, false));
  watch.unprinted(begunAnew("1000 5000"));
  expect(watch.losses()).toHaveLength(1);
});

test.each<[string, Partial<SlotState>]>([
  ["before the connector reads", { active: false, reader: "" }],
  ["while it reads", {}],
])("an older copy of the database in its place is reported %s, until rows are read again", (_, state) => {
  const { watch, said } = rig();
  watch.observe(look({ ...READ, ends: 1000n }, undefined, false));
  watch.observe(look({ ...IDLE, ends: 1000n }, 1000));
  watch.observe(
    look(
      { ...READ, ...state, confirmed: 500n, written: 800n, ends: 800n },
      state.active === false ? 1000 : undefined,
      false,
    ),
  );
  expect(said).toEqual([expect.stringContaining("replication slot s is in an older copy of the database")]);
  // The log is as long as the former one some day: what was passed over until then is lost all the same.
  watch.observe(look({ ...READ, confirmed: 1200n, written: 1200n, ends: 1200n }, undefined, false));
  expect(watch.losses()).toHaveLength(1);
  watch.unprinted(readAnew("1300"));
  expect(watch.losses()).toEqual([]);
});

test("a log that grows between the look at the slot and the one at the offset has lost nothing", () => {
  const { watch } = rig();
  watch.observe(look({ ...IDLE, ends: 1000n }, 1000));
  watch.observe(look({ ...IDLE, ends: 1000n }, 4000));
  watch.observe(look({ ...READ, confirmed: 4000n, written: 4000n, ends: 4000n }, undefined, false));
  expect(watch.losses()).toEqual([]);
  // All rows are read anew, from the beginning of another log.
  watch.observe(look({ ...IDLE, ends: 900n }, null));
  watch.observe(look({ ...READ, confirmed: 900n, written: 900n, ends: 900n }, undefined, false));
  expect(watch.losses()).toEqual([]);
});

test("a message with the connector's prefix that anybody else wrote is no loss, and ends nothing", () => {
  const { watch, said } = rig({ missed: null, told: 1000 });
  for (const text of ["x", "", "5000", "1.5 2.5"]) expect(() => watch.unprinted(begunAnew(text))).not.toThrow();
  expect(watch.losses()).toEqual([]);
  expect(said).toEqual([]);
});
